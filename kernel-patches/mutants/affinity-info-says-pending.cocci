// SPDX-License-Identifier: GPL-2.0-only
// broken: AFFINITY_INFO says ON_PENDING for a vCPU that is off
// rules: SE-PSC-20 SE-MPS-09
// why: two constants are confused
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_vcpu_affinity_info(...)
{
<...
- return PSCI_0_2_AFFINITY_LEVEL_OFF;
+ return PSCI_0_2_AFFINITY_LEVEL_ON_PENDING;
...>
}
