// SPDX-License-Identifier: GPL-2.0-only
// broken: CPU_ON of an MPIDR that no vCPU has dereferences NULL
// rules: SE-PSC-12
// why: the check is thought to be done by the lookup
// files: arch/arm64/kvm/psci.c
// kind: panic

@@ @@
kvm_psci_vcpu_on(...)
{
<...
- if (!vcpu)
- 	return PSCI_RET_INVALID_PARAMS;
...>
}
