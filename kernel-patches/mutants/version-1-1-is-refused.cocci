// SPDX-License-Identifier: GPL-2.0-only
// broken: version 1.1 cannot be set: a VM cannot be migrated
// rules: SE-VER-02
// why: a line is lost where the list is sorted
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ expression E; @@
kvm_arm_set_fw_reg(...)
{
<...
  wants_02 = E;
+ if (val == KVM_ARM_PSCI_1_1)
+ 	return -EINVAL;
...>
}
