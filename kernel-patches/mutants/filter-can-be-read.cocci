// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_GET_DEVICE_ATTR of the filter succeeds and returns nothing
// rules: SE-FLT-11
// why: the three ioctls are made alike
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_arch_vm_ioctl(...)
{
  ...
  struct kvm_device_attr attr;
+ if (ioctl == KVM_GET_DEVICE_ATTR)
+ 	return 0;
  ...
}
