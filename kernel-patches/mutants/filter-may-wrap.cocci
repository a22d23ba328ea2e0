// SPDX-License-Identifier: GPL-2.0-only
// broken: a filter may wrap around the end of the ids
// rules: SE-FLT-08
// why: the sum is thought not to overflow
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong
// equivalent: mtree_insert_range() refuses a range that ends before it begins with the same EINVAL

@@ @@
kvm_smccc_set_filter(...)
{
<...
- end < start
+ 0
...>
}
