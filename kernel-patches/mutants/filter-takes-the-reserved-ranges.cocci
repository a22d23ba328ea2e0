// SPDX-License-Identifier: GPL-2.0-only
// broken: userspace can filter the architecture's own calls
// rules: SE-FLT-08
// why: the ranges are inserted in the wrong place
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_smccc_set_filter(...)
{
<...
- r = kvm_smccc_filter_insert_reserved(kvm);
+ r = 0;
...>
}
