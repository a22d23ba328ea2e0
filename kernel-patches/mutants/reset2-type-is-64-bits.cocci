// SPDX-License-Identifier: GPL-2.0-only
// broken: the upper half of x1 counts as part of the reset type
// rules: SE-RS2-06
// why: the variable is widened
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
- arg <= PSCI_1_1_RESET_TYPE_SYSTEM_WARM_RESET
+ smccc_get_arg1(vcpu) <= PSCI_1_1_RESET_TYPE_SYSTEM_WARM_RESET
...>
}
