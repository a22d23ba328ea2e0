// SPDX-License-Identifier: GPL-2.0-only
// broken: version 1.3 cannot be set: a VM cannot be migrated
// rules: SE-VER-02
// why: the list is not extended with the newest
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ expression E; @@
kvm_arm_set_fw_reg(...)
{
<...
  wants_02 = E;
+ if (val == PSCI_VERSION(1, 3))
+ 	return -EINVAL;
...>
}
