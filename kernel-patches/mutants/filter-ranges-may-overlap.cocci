// SPDX-License-Identifier: GPL-2.0-only
// broken: a later filter replaces an older one
// rules: SE-FLT-08
// why: storing looks more convenient than inserting
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ expression X, Y; @@
kvm_smccc_set_filter(...)
{
<...
- mtree_insert_range(&kvm->arch.smccc_filter, start, end, X, Y)
+ mtree_store_range(&kvm->arch.smccc_filter, start, end, X, Y)
...>
}
