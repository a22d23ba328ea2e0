// SPDX-License-Identifier: GPL-2.0-only
// broken: a filter of no functions is not refused with EINVAL
// rules: SE-FLT-08 SE-FLT-09
// why: it looks harmless
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_smccc_set_filter(...)
{
<...
- !filter.nr_functions
+ 0
...>
}
