// SPDX-License-Identifier: GPL-2.0-only
// broken: CPU_SUSPEND returns INVALID_PARAMS after it has waited
// rules: SE-PSC-24
// why: a power-down state is thought to be refused
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_vcpu_suspend(...)
{
<...
- return PSCI_RET_SUCCESS;
+ return PSCI_RET_INVALID_PARAMS;
...>
}
