// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_RUN before KVM_ARM_VCPU_INIT is EINVAL and not ENOEXEC
// rules: SE-ERR-01
// why: one error looks as good as the other
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_arch_vcpu_run_pid_change(...)
{
<...
  if (!kvm_vcpu_initialized(vcpu))
- 	return -ENOEXEC;
+ 	return -EINVAL;
...>
}
