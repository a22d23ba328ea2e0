// SPDX-License-Identifier: GPL-2.0-only
// broken: an unknown state leaves mp_state_lock taken
// rules: SE-MPS-12
// why: an early return is added inside the lock
// files: arch/arm64/kvm/arm.c
// kind: hang

@@ @@
kvm_arch_vcpu_ioctl_set_mpstate(...)
{
<...
- ret = -EINVAL;
+ return -EINVAL;
...>
}
