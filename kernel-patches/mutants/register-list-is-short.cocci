// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_GET_REG_LIST leaves the last firmware register out
// rules: SE-VER-08
// why: a count is off by one
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_arm_copy_fw_reg_indices(...)
{
<...
- i < ARRAY_SIZE(kvm_arm_fw_reg_ids)
+ i < ARRAY_SIZE(kvm_arm_fw_reg_ids) - 1
...>
}

@@ @@
kvm_arm_get_fw_num_regs(...)
{
<...
- return ARRAY_SIZE(kvm_arm_fw_reg_ids);
+ return ARRAY_SIZE(kvm_arm_fw_reg_ids) - 1;
...>
}
