// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_ARM_VCPU_INIT with an unreadable pointer is EINVAL and not EFAULT
// rules: SE-INI-08
// why: the default error is thought to be good enough
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_arch_vcpu_ioctl(...)
{
<...
- r = -EFAULT;
+ r = -EINVAL;
  if (copy_from_user(&init, argp, sizeof(init))) break;
...>
}
