// SPDX-License-Identifier: GPL-2.0-only
// broken: the last id of a range is not filtered
// rules: SE-FLT-07 SE-FLT-05
// why: a bound is off by one
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ identifier f; @@
kvm_smccc_set_filter(...)
{
<...
- end = f.base + f.nr_functions - 1;
+ end = f.base + f.nr_functions - 2;
...>
}

@@ identifier f; @@
kvm_smccc_set_filter(...)
{
<...
- end = start + f.nr_functions - 1;
+ end = start + f.nr_functions - 2;
...>
}
