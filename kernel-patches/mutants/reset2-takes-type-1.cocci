// SPDX-License-Identifier: GPL-2.0-only
// broken: reset type 1 is accepted
// rules: SE-RS2-03
// why: the bound is off by one
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
- arg <= PSCI_1_1_RESET_TYPE_SYSTEM_WARM_RESET
+ arg <= PSCI_1_1_RESET_TYPE_SYSTEM_WARM_RESET + 1
...>
}
