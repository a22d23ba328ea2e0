// SPDX-License-Identifier: GPL-2.0-only
// broken: AFFINITY_INFO of an affinity that no vCPU has is OFF
// rules: SE-PSC-21
// why: the count is thought to be for statistics
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_vcpu_affinity_info(...)
{
<...
- if (!matching_cpus) return PSCI_RET_INVALID_PARAMS;
...>
}
