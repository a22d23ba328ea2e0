// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_OFF with a non-zero x1 is INVALID_PARAMS
// rules: SE-OFF-05
// why: the check of SYSTEM_OFF2 is copied
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_0_2_call(...)
{
<...
+ if (smccc_get_arg1(vcpu)) {
+ 	val = PSCI_RET_INVALID_PARAMS;
+ 	break;
+ }
  kvm_psci_system_off(...);
...>
}
