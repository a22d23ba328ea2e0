// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_ENABLE_CAP of an unknown capability succeeds
// rules: SE-ERR-03
// why: the default case is taken for "nothing to do"
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_vm_ioctl_enable_cap(...)
{
<...
  int r =
- -EINVAL
+ 0
  ;
...>
}
