// SPDX-License-Identifier: GPL-2.0-only
// broken: vendor reset types are refused
// rules: SE-RS2-02
// why: only what the specification defines is accepted
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
- arg <= PSCI_1_1_RESET_TYPE_SYSTEM_WARM_RESET || arg >= PSCI_1_1_RESET_TYPE_VENDOR_START
+ arg <= PSCI_1_1_RESET_TYPE_SYSTEM_WARM_RESET
...>
}
