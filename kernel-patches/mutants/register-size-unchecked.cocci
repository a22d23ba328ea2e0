// SPDX-License-Identifier: GPL-2.0-only
// broken: a firmware register is written with another size
// rules: SE-VER-07
// why: the core is thought to check it
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong
// equivalent: an id with another size is another id, which the switch below does not know: it is
//     ENOENT as well

@@ @@
kvm_arm_set_fw_reg(...)
{
<...
- if (KVM_REG_SIZE(reg->id) != sizeof(val)) return -ENOENT;
...>
}
