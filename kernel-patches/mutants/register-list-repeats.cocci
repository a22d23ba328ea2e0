// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_GET_REG_LIST names the first firmware register again and again
// rules: SE-VER-08
// why: an index is forgotten
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_arm_copy_fw_reg_indices(...)
{
<...
- kvm_arm_fw_reg_ids[i]
+ kvm_arm_fw_reg_ids[0]
...>
}
