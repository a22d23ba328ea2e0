// SPDX-License-Identifier: GPL-2.0-only
// broken: CPU_ON of a vCPU that is on is INVALID_PARAMS
// rules: SE-PSC-11
// why: the answer of PSCI 0.1 is given always
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_vcpu_on(...)
{
<...
- ret = PSCI_RET_ALREADY_ON;
+ ret = PSCI_RET_INVALID_PARAMS;
...>
}
