// SPDX-License-Identifier: GPL-2.0-only
// broken: the ids of PSCI 0.1 work in a VM of 0.2 and later
// rules: SE-INI-03
// why: the dispatchers are chained
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_0_2_call(...)
{
<...
  int ret = 1;
+ if (psci_fn == KVM_PSCI_FN_CPU_OFF) {
+ 	kvm_arm_vcpu_power_off(vcpu);
+ 	smccc_set_retval(vcpu, PSCI_RET_SUCCESS, 0, 0, 0);
+ 	return 1;
+ }
...>
}
