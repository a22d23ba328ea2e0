// SPDX-License-Identifier: GPL-2.0-only
// broken: the VM is paused as for saving the GIC, and nobody resumes it
// rules: SE-OFF-03 SE-MPS-08
// why: the helper that stops all vCPUs is reused
// files: arch/arm64/kvm/psci.c
// kind: hang

@@ @@
kvm_prepare_system_event(...)
{
<...
- kvm_make_all_cpus_request(vcpu->kvm, KVM_REQ_SLEEP);
+ kvm_arm_halt_guest(vcpu->kvm);
...>
}
