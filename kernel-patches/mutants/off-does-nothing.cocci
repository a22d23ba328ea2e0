// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_OFF leaves the guest without filling in an event
// rules: SE-OFF-01 SE-EVT-01
// why: the helper is removed with the feature it was thought to be part of
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_0_2_call(...)
{
<...
- kvm_psci_system_off(vcpu);
...>
}
