// SPDX-License-Identifier: GPL-2.0-only
// broken: a filter of no functions is not refused with EINVAL
// rules: SE-FLT-08 SE-FLT-09
// why: it looks harmless
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong
// equivalent: the check that follows refuses an empty range at every base but 0, where 6.12 gives
//     EEXIST and no case can ask which is right

@@ @@
kvm_smccc_set_filter(...)
{
<...
- !filter.nr_functions
+ 0
...>
}
