// SPDX-License-Identifier: GPL-2.0-only
// broken: AFFINITY_INFO takes level 4
// rules: SE-PSC-21
// why: the bound is off by one
// files: include/kvm/arm_psci.h arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_affinity_mask(...)
{
<...
- affinity_level <= 3
+ affinity_level <= 4
...>
}

@@ @@
psci_affinity_mask(...)
{
<...
- affinity_level <= 3
+ affinity_level <= 4
...>
}
