// SPDX-License-Identifier: GPL-2.0-only
// broken: ndata and data[] of a SUSPEND event hold what was there
// rules: SE-SUS-02
// why: the event has no data, so nobody clears them
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_system_suspend(...)
{
<...
- memset(&run->system_event, 0, sizeof(vcpu->run->system_event));
...>
}
