// SPDX-License-Identifier: GPL-2.0-only
// broken: CPU_ON of PSCI 0.1 is ALREADY_ON, which it does not know
// rules: SE-INI-02
// why: the later answer is given always
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_vcpu_on(...)
{
<...
- ret = PSCI_RET_INVALID_PARAMS;
+ ret = PSCI_RET_ALREADY_ON;
...>
}
