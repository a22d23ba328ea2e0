// SPDX-License-Identifier: GPL-2.0-only
// broken: a version that KVM does not have can be set
// rules: SE-VER-02
// why: the check is thought to be for the guest to make
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ expression E; @@
kvm_arm_set_fw_reg(...)
{
<...
  wants_02 = E;
+ if (val == PSCI_VERSION(1, 4) || val == PSCI_VERSION(2, 0) || val == PSCI_VERSION(0, 3))
+ 	return 0;
...>
}
