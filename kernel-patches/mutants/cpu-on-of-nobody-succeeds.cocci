// SPDX-License-Identifier: GPL-2.0-only
// broken: CPU_ON of an MPIDR that no vCPU has is SUCCESS
// rules: SE-PSC-12
// why: "nothing to do" is taken for success
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_vcpu_on(...)
{
<...
  if (!vcpu)
- 	return PSCI_RET_INVALID_PARAMS;
+ 	return PSCI_RET_SUCCESS;
...>
}
