// SPDX-License-Identifier: GPL-2.0-only
// broken: the upper half of the version is ignored
// rules: SE-VER-02
// why: a variable is narrowed
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ expression E; @@
kvm_arm_set_fw_reg(...)
{
<...
  wants_02 = E;
+ if (upper_32_bits(val))
+ 	val = lower_32_bits(val);
...>
}
