// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_RUN enters a vCPU that has not been initialised
// rules: SE-ERR-01
// why: the check is thought to be done by userspace
// files: arch/arm64/kvm/arm.c
// kind: panic

@@ @@
kvm_arch_vcpu_run_pid_change(...)
{
<...
- if (!kvm_vcpu_initialized(vcpu))
- 	return -ENOEXEC;
...>
}
