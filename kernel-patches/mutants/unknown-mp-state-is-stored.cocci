// SPDX-License-Identifier: GPL-2.0-only
// broken: an unknown state is refused, and stored all the same
// rules: SE-MPS-12
// why: the store is pulled out of the switch
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_arch_vcpu_ioctl_set_mpstate(...)
{
<...
- ret = -EINVAL;
+ vcpu->arch.mp_state = *mp_state;
+ ret = -EINVAL;
...>
}
