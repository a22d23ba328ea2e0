// SPDX-License-Identifier: GPL-2.0-only
// broken: an action that does not exist is stored
// rules: SE-FLT-08
// why: the bound is off by one
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_smccc_set_filter(...)
{
<...
- filter.action >= NR_SMCCC_FILTER_ACTIONS
+ filter.action > NR_SMCCC_FILTER_ACTIONS
...>
}
