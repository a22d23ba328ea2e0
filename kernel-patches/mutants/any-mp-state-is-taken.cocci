// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_SET_MP_STATE succeeds with any number
// rules: SE-MPS-12
// why: the default case is taken for "nothing to do"
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_arch_vcpu_ioctl_set_mpstate(...)
{
<...
- ret = -EINVAL;
+ ret = 0;
...>
}
