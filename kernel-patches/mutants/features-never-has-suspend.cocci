// SPDX-License-Identifier: GPL-2.0-only
// broken: PSCI_FEATURES does not offer SYSTEM_SUSPEND with the capability
// rules: SE-SUS-09
// why: the new function is added to one of two switches
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
- if (test_bit(KVM_ARCH_FLAG_SYSTEM_SUSPEND_ENABLED, &kvm->arch.flags)) val = 0;
+ val = PSCI_RET_NOT_SUPPORTED;
...>
}
