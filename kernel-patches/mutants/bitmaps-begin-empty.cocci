// SPDX-License-Identifier: GPL-2.0-only
// broken: the bitmap of standard services is empty by default
// rules: SE-VER-09
// why: opting in looks safer than opting out
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_arm_init_hypercalls(...)
{
<...
- smccc_feat->std_bmap = KVM_ARM_SMCCC_STD_FEATURES;
+ smccc_feat->std_bmap = 0;
...>
}
