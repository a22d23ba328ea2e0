// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_SUSPEND exits to a VMM that has not asked for it
// rules: SE-SUS-01
// why: the gate is dropped
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
- if (test_bit(KVM_ARCH_FLAG_SYSTEM_SUSPEND_ENABLED, &kvm->arch.flags)) { kvm_psci_system_suspend(vcpu); return 0; }
+ kvm_psci_system_suspend(vcpu);
+ return 0;
...>
}
