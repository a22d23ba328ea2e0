// SPDX-License-Identifier: GPL-2.0-only
// broken: the first vendor reset type, 0x80000000, is refused
// rules: SE-RS2-02
// why: > for >=
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
- arg >= PSCI_1_1_RESET_TYPE_VENDOR_START
+ arg > PSCI_1_1_RESET_TYPE_VENDOR_START
...>
}
