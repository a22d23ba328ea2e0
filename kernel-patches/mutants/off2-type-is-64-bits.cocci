// SPDX-License-Identifier: GPL-2.0-only
// broken: the upper half of x1 counts as part of the type
// rules: SE-OF2-05
// why: the variable is widened
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
- arg && arg != PSCI_1_3_OFF_TYPE_HIBERNATE_OFF
+ smccc_get_arg1(vcpu) && smccc_get_arg1(vcpu) != PSCI_1_3_OFF_TYPE_HIBERNATE_OFF
...>
}
