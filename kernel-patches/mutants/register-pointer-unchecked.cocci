// SPDX-License-Identifier: GPL-2.0-only
// broken: a firmware register is read to an unwritable address without an error
// rules: SE-VER-07
// why: the result of copy_to_user is not looked at
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_arm_get_fw_reg(...)
{
<...
  if (copy_to_user(uaddr, &val, KVM_REG_SIZE(reg->id)))
- 	return -EFAULT;
+ 	return 0;
...>
}
