// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_WARM_RESET is refused
// rules: SE-RS2-01
// why: < for <=
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
- arg <= PSCI_1_1_RESET_TYPE_SYSTEM_WARM_RESET
+ arg < PSCI_1_1_RESET_TYPE_SYSTEM_WARM_RESET
...>
}
