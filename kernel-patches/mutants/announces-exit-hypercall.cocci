// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_CAP_EXIT_HYPERCALL is announced on arm64
// rules: SE-FLT-14
// why: forwarded hypercalls look like the x86 feature of that name
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_vm_ioctl_check_extension(...)
{
  int r;
+ if (ext == KVM_CAP_EXIT_HYPERCALL)
+ 	return 1;
  ...
}
