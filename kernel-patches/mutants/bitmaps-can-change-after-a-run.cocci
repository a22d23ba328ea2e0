// SPDX-License-Identifier: GPL-2.0-only
// broken: a bitmap can be changed while the VM runs
// rules: SE-VER-11
// why: EBUSY is thought to be in the way
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_arm_set_fw_reg_bmap(...)
{
<...
- ret = -EBUSY;
+ ret = 0;
...>
}
