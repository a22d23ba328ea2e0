// SPDX-License-Identifier: GPL-2.0-only
// broken: CPU_OFF returns to the guest at once
// rules: SE-PSC-22
// why: the call is thought to be advisory
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_0_2_call(...)
{
<...
- kvm_arm_vcpu_power_off(vcpu);
...>
}
