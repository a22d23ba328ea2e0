// SPDX-License-Identifier: GPL-2.0-only
// broken: CPU_ON at an unaligned address is INVALID_ADDRESS
// rules: SE-PSC-14
// why: the specification has it
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_vcpu_on(...)
{
<...
  cpu_id = smccc_get_arg1(source_vcpu);
+ if (smccc_get_arg2(source_vcpu) & 3)
+ 	return PSCI_RET_INVALID_ADDRESS;
...>
}
