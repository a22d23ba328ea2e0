// SPDX-License-Identifier: GPL-2.0-only
// broken: PSCI_FEATURES lists MEM_PROTECT, which is not implemented
// rules: SE-PSC-03 SE-PSC-26
// why: the list is made from the specification
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
  val = kvm_psci_check_allowed_function(vcpu, arg);
+ if (arg == PSCI_0_2_FN(19)) {
+ 	val = 0;
+ 	break;
+ }
...>
}
