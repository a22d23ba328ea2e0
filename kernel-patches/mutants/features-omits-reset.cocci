// SPDX-License-Identifier: GPL-2.0-only
// broken: PSCI_FEATURES does not list SYSTEM_RESET
// rules: SE-PSC-03
// why: a line is lost where the list is sorted
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
  val = kvm_psci_check_allowed_function(vcpu, arg);
+ if (arg == PSCI_0_2_FN_SYSTEM_RESET) {
+ 	val = PSCI_RET_NOT_SUPPORTED;
+ 	break;
+ }
...>
}
