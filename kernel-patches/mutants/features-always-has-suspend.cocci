// SPDX-License-Identifier: GPL-2.0-only
// broken: PSCI_FEATURES offers SYSTEM_SUSPEND without the capability
// rules: SE-SUS-09
// why: the gate is dropped in one of two places
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
- if (test_bit(KVM_ARCH_FLAG_SYSTEM_SUSPEND_ENABLED, &kvm->arch.flags)) val = 0;
+ val = 0;
...>
}
