// SPDX-License-Identifier: GPL-2.0-only
// broken: an unknown feature bit is EINVAL and not ENOENT
// rules: SE-INI-08
// why: one error looks as good as the other
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_vcpu_init_check_features(...)
{
<...
  if (features & ~KVM_VCPU_VALID_FEATURES)
- 	return -ENOENT;
+ 	return -EINVAL;
...>
}
