// SPDX-License-Identifier: GPL-2.0-only
// broken: AFFINITY_INFO at level 3 is refused
// rules: SE-PSC-21
// why: < for <=
// files: include/kvm/arm_psci.h arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_affinity_mask(...)
{
<...
- affinity_level <= 3
+ affinity_level < 3
...>
}

@@ @@
psci_affinity_mask(...)
{
<...
- affinity_level <= 3
+ affinity_level < 3
...>
}
