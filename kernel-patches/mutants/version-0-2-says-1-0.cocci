// SPDX-License-Identifier: GPL-2.0-only
// broken: PSCI_VERSION says 1.0 in a VM of 0.2
// rules: SE-PSC-01
// why: copied from the other dispatcher
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_0_2_call(...)
{
<...
- KVM_ARM_PSCI_0_2
+ KVM_ARM_PSCI_1_0
...>
}
