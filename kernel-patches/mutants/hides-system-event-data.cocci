// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_CAP_SYSTEM_EVENT_DATA is not announced: a VMM ignores data[]
// rules: SE-ERR-04 SE-HDR-11
// why: a line is lost where the list is sorted
// files: virt/kvm/kvm_main.c
// kind: wrong

@@ statement S; @@
kvm_vm_ioctl_check_extension_generic(...)
{
+ if (arg == KVM_CAP_SYSTEM_EVENT_DATA)
+ 	return 0;
  S
  ...
}
