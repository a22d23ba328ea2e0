// SPDX-License-Identifier: GPL-2.0-only
// broken: bits outside the affinity fields are ignored
// rules: SE-PSC-21
// why: a mask looks more tolerant than a check
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_vcpu_affinity_info(...)
{
<...
- if (!kvm_psci_valid_affinity(vcpu, target_affinity)) return PSCI_RET_INVALID_PARAMS;
...>
}
