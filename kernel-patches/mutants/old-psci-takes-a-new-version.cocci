// SPDX-License-Identifier: GPL-2.0-only
// broken: a vCPU without KVM_ARM_VCPU_PSCI_0_2 takes a version from 0.2 on
// rules: SE-VER-06
// why: the feature is thought to be implied
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_arm_set_fw_reg(...)
{
<...
- if (!wants_02) return -EINVAL;
...>
}
