// SPDX-License-Identifier: GPL-2.0-only
// broken: the flags are not stored in data[0]
// rules: SE-EVT-03 SE-RS2-01 SE-OF2-01
// why: the store was on the line of a removed field
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_prepare_system_event(...)
{
<...
- vcpu->run->system_event.data[0] = flags;
...>
}
