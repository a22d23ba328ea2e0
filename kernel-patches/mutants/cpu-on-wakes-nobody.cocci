// SPDX-License-Identifier: GPL-2.0-only
// broken: CPU_ON does not wake a thread that sleeps in KVM_RUN
// rules: SE-PSC-16
// why: the request is thought to wake it
// files: arch/arm64/kvm/psci.c
// kind: hang

@@ @@
kvm_psci_vcpu_on(...)
{
<...
- kvm_vcpu_wake_up(vcpu);
...>
}
