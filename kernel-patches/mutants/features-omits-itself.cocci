// SPDX-License-Identifier: GPL-2.0-only
// broken: PSCI_FEATURES does not list itself
// rules: SE-PSC-02 SE-PSC-03
// why: the list is made from the functions of 0.2
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
  val = kvm_psci_check_allowed_function(vcpu, arg);
+ if (arg == PSCI_1_0_FN_PSCI_FEATURES) {
+ 	val = PSCI_RET_NOT_SUPPORTED;
+ 	break;
+ }
...>
}
