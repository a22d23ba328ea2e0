// SPDX-License-Identifier: GPL-2.0-only
// broken: the ids of PSCI 0.1 are denied before PSCI sees them
// rules: SE-INI-01
// why: nobody is thought to use them
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_smccc_default_allowed(...)
{
<...
- if (func_id >= KVM_PSCI_FN(0) && func_id <= KVM_PSCI_FN(3)) return true;
...>
}
