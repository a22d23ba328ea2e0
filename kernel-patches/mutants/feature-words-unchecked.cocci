// SPDX-License-Identifier: GPL-2.0-only
// broken: features[1] to features[6] are not looked at
// rules: SE-INI-08
// why: the loop begins after the words in use
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_vcpu_init_check_features(...)
{
<...
- i < ARRAY_SIZE(init->features)
+ i < 1
...>
}
