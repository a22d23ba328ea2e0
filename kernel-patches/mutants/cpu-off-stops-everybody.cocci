// SPDX-License-Identifier: GPL-2.0-only
// broken: CPU_OFF stops the other vCPUs too
// rules: SE-PSC-22
// why: the helper of SYSTEM_OFF is reused
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_0_2_call(...)
{
<...
- kvm_arm_vcpu_power_off(vcpu);
+ kvm_prepare_system_event(vcpu, KVM_SYSTEM_EVENT_SHUTDOWN, 0);
+ vcpu->run->exit_reason = KVM_EXIT_UNKNOWN;
...>
}
