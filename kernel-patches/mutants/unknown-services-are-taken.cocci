// SPDX-License-Identifier: GPL-2.0-only
// broken: bits that mean no service can be set in a bitmap
// rules: SE-VER-09
// why: the mask is thought to be applied at the call
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_arm_set_fw_reg_bmap(...)
{
<...
- if (val & ~fw_reg_features) return -EINVAL;
...>
}
