// SPDX-License-Identifier: GPL-2.0-only
// broken: an unknown firmware register is EINVAL and not ENOENT
// rules: SE-VER-07
// why: one error looks as good as the other
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_arm_get_fw_reg(...)
{
<...
- return -ENOENT;
+ return -EINVAL;
...>
}
