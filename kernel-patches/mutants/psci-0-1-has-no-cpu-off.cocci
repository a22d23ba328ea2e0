// SPDX-License-Identifier: GPL-2.0-only
// broken: CPU_OFF of PSCI 0.1 does not stop the caller
// rules: SE-INI-01
// why: nobody is thought to use it
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_0_1_call(...)
{
<...
- kvm_arm_vcpu_power_off(vcpu);
...>
}
