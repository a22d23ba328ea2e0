// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_ARM_VCPU_INIT takes other features than the first time
// rules: SE-INI-07 SE-A32-05
// why: the comparison is thought to be too strict
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_vcpu_init_changed(...)
{
<...
- !bitmap_equal(vcpu->kvm->arch.vcpu_features, &features, KVM_VCPU_MAX_FEATURES)
+ 0
...>
}
