// SPDX-License-Identifier: GPL-2.0-only
// broken: the event is not zeroed first, so data[1] and on hold what was there
// rules: SE-EVT-03
// why: only the fields in use are thought to matter
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_prepare_system_event(...)
{
<...
- memset(&vcpu->run->system_event, 0, sizeof(vcpu->run->system_event));
...>
}
