// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_OFF of a protected VM is reported as a reset
// rules: SE-PKV-02
// why: a protected VM is thought to be restarted by its host
// files: arch/arm64/kvm/psci.c
// kind: wrong
// mode: protected

@@ @@
kvm_psci_system_off(...)
{
<...
+ if (kvm_vm_is_protected(vcpu->kvm)) {
+ 	kvm_prepare_system_event(vcpu, KVM_SYSTEM_EVENT_RESET, 0);
+ 	return;
+ }
  kvm_prepare_system_event(...);
...>
}
