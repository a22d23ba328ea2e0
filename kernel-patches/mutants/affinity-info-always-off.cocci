// SPDX-License-Identifier: GPL-2.0-only
// broken: AFFINITY_INFO says OFF for a vCPU that is on
// rules: SE-PSC-20 SE-MPS-09
// why: two constants are swapped
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_vcpu_affinity_info(...)
{
<...
- return PSCI_0_2_AFFINITY_LEVEL_ON;
+ return PSCI_0_2_AFFINITY_LEVEL_OFF;
...>
}
