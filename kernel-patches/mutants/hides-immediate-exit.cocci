// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_CAP_IMMEDIATE_EXIT is not announced
// rules: SE-HDR-11
// why: a line is lost where the list is sorted
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ statement S; @@
kvm_vm_ioctl_check_extension(...)
{
  int r;
+ if (ext == KVM_CAP_IMMEDIATE_EXIT)
+ 	return 0;
  ...
}
