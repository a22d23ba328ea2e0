// SPDX-License-Identifier: GPL-2.0-only
// broken: PSCI_FEATURES lists a 64-bit SYSTEM_OFF, which does not exist
// rules: SE-PSC-03
// why: both widths are listed for every function
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
  val = kvm_psci_check_allowed_function(vcpu, arg);
+ if (arg == PSCI_0_2_FN64(8)) {
+ 	val = 0;
+ 	break;
+ }
...>
}
