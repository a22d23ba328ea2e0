// SPDX-License-Identifier: GPL-2.0-only
// broken: the target that KVM_ARM_PREFERRED_TARGET names is refused by KVM_ARM_VCPU_INIT
// rules: SE-INI-09
// why: the generic target is dropped from one of two places
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_vcpu_set_target(...)
{
<...
- init->target != KVM_ARM_TARGET_GENERIC_V8 && init->target != kvm_target_cpu()
+ init->target != kvm_target_cpu()
...>
}
