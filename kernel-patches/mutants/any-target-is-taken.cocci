// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_ARM_VCPU_INIT takes any target
// rules: SE-INI-08
// why: there is only one target left
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_vcpu_set_target(...)
{
<...
- if (init->target != KVM_ARM_TARGET_GENERIC_V8 && init->target != kvm_target_cpu())
- 	return -EINVAL;
...>
}
