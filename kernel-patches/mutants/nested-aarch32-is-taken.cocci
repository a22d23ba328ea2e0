// SPDX-License-Identifier: GPL-2.0-only
// broken: EL2 and AArch32 EL1 can be asked for together
// rules: SE-NV-07
// why: the features are checked one by one
// files: arch/arm64/kvm/arm.c
// kind: wrong
// mode: nested

@@ @@
kvm_vcpu_init_check_features(...)
{
<...
- if (test_bit(KVM_ARM_VCPU_HAS_EL2, &features)) return -EINVAL;
...>
}
