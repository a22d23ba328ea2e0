// SPDX-License-Identifier: GPL-2.0-only
// broken: the event is written to the kvm_run page of vCPU 0, whoever asked
// rules: SE-EVT-11
// why: a VM is thought to be switched off by its boot processor
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_prepare_system_event(...)
{
<...
- vcpu->run->exit_reason = KVM_EXIT_SYSTEM_EVENT;
+ kvm_get_vcpu(vcpu->kvm, 0)->run->exit_reason = KVM_EXIT_SYSTEM_EVENT;
...>
}
