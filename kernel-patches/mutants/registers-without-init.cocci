// SPDX-License-Identifier: GPL-2.0-only
// broken: registers can be read and written before KVM_ARM_VCPU_INIT
// rules: SE-ERR-01 SE-VER-07
// why: the check is thought to be needed for KVM_RUN only
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_arch_vcpu_ioctl(...)
{
<...
  r = -ENOEXEC;
- if (unlikely(!kvm_vcpu_initialized(vcpu))) break;
  r = -EFAULT;
  if (copy_from_user(&reg, argp, sizeof(reg))) break;
...>
}
