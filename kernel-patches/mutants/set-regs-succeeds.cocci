// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_SET_REGS succeeds and sets nothing
// rules: SE-EVT-22
// why: an error is thought to be a failure
// files: arch/arm64/kvm/guest.c
// kind: wrong

@@ @@
kvm_arch_vcpu_ioctl_set_regs(...)
{
<...
- return -EINVAL;
+ return 0;
...>
}
