// SPDX-License-Identifier: GPL-2.0-only
// broken: bits outside the affinity fields of an MPIDR are ignored
// rules: SE-PSC-12
// why: a mask looks more tolerant than a check
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_vcpu_on(...)
{
<...
- if (!kvm_psci_valid_affinity(source_vcpu, cpu_id)) return PSCI_RET_INVALID_PARAMS;
...>
}
