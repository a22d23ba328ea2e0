// SPDX-License-Identifier: GPL-2.0-only
// broken: PSCI_FEATURES looks at the upper half of x1
// rules: SE-PSC-04
// why: the variable is widened
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
  val = kvm_psci_check_allowed_function(vcpu, arg);
+ if (upper_32_bits(smccc_get_arg1(vcpu))) {
+ 	val = PSCI_RET_NOT_SUPPORTED;
+ 	break;
+ }
...>
}
