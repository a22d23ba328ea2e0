// SPDX-License-Identifier: GPL-2.0-only
// broken: a vCPU with KVM_ARM_VCPU_PSCI_0_2 takes version 0.1
// rules: SE-VER-02 SE-VER-06
// why: it is one of the known versions
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_arm_set_fw_reg(...)
{
<...
- if (wants_02) return -EINVAL;
...>
}
