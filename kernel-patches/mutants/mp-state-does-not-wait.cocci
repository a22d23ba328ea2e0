// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_GET_MP_STATE answers while KVM_RUN is in progress
// rules: SE-MPS-11
// why: the state can be read without the mutex
// files: virt/kvm/kvm_main.c
// kind: wrong

@@ @@
kvm_vcpu_ioctl(...)
{
<...
+ if (ioctl == KVM_GET_MP_STATE) {
+ 	struct kvm_mp_state early;
+
+ 	if (kvm_arch_vcpu_ioctl_get_mpstate(vcpu, &early))
+ 		return -EINVAL;
+ 	return copy_to_user(argp, &early, sizeof(early)) ? -EFAULT : 0;
+ }
  if (mutex_lock_killable(&vcpu->mutex)) return -EINTR;
...>
}
