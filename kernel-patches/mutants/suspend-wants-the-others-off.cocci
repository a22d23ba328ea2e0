// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_SUSPEND is DENIED while another vCPU is on
// rules: SE-SUS-06 SE-PSC-27
// why: the specification says so, but KVM leaves it to userspace
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
+ if (atomic_read(&kvm->online_vcpus) > 1) {
+ 	val = PSCI_RET_DENIED;
+ 	break;
+ }
  kvm_psci_system_suspend(vcpu);
...>
}
