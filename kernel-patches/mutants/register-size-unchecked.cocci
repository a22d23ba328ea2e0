// SPDX-License-Identifier: GPL-2.0-only
// broken: a firmware register is written with another size
// rules: SE-VER-07
// why: the core is thought to check it
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_arm_set_fw_reg(...)
{
<...
- if (KVM_REG_SIZE(reg->id) != sizeof(val)) return -ENOENT;
...>
}
