// SPDX-License-Identifier: GPL-2.0-only
// broken: one id more than asked for is filtered
// rules: SE-FLT-07
// why: a bound is off by one
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ identifier f; @@
kvm_smccc_set_filter(...)
{
<...
- end = start + f.nr_functions - 1;
+ end = start + f.nr_functions;
...>
}
