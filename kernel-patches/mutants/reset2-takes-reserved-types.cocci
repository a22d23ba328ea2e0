// SPDX-License-Identifier: GPL-2.0-only
// broken: every reset type is accepted
// rules: SE-RS2-03
// why: the range test is inverted
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
- arg >= PSCI_1_1_RESET_TYPE_VENDOR_START
+ arg < PSCI_1_1_RESET_TYPE_VENDOR_START
...>
}
