// SPDX-License-Identifier: GPL-2.0-only
// broken: pad[] of a filter need not be zero
// rules: SE-FLT-08
// why: the loop is replaced and lost
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_smccc_set_filter(...)
{
<...
- if (memcmp(filter.pad, zero_page, sizeof(filter.pad))) return -EINVAL;
...>
}
