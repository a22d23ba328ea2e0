// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_SET_MP_STATE with an unreadable pointer succeeds
// rules: SE-MPS-12
// why: the result of copy_from_user is not looked at
// files: virt/kvm/kvm_main.c
// kind: wrong

@@ @@
kvm_vcpu_ioctl(...)
{
<...
- if (copy_from_user(&mp_state, argp, sizeof(mp_state))) goto out;
+ if (copy_from_user(&mp_state, argp, sizeof(mp_state)))
+ 	mp_state.mp_state = KVM_MP_STATE_RUNNABLE;
...>
}
