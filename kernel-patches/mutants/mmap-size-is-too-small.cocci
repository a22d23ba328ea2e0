// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_GET_VCPU_MMAP_SIZE is less than struct kvm_run
// rules: SE-ERR-05
// why: a unit is confused
// files: virt/kvm/kvm_main.c
// kind: wrong

@@ @@
kvm_dev_ioctl(...)
{
<...
- r = PAGE_SIZE;
+ return 1024;
...>
}
