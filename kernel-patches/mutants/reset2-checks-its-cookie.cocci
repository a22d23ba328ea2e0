// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_RESET2 with a cookie is INVALID_PARAMS
// rules: SE-RS2-07
// why: the check of SYSTEM_OFF2 is copied
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
- if (arg <= PSCI_1_1_RESET_TYPE_SYSTEM_WARM_RESET || arg >= PSCI_1_1_RESET_TYPE_VENDOR_START)
+ if (!smccc_get_arg2(vcpu) && (arg <= PSCI_1_1_RESET_TYPE_SYSTEM_WARM_RESET || arg >= PSCI_1_1_RESET_TYPE_VENDOR_START))
  { ... }
...>
}
