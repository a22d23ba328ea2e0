// SPDX-License-Identifier: GPL-2.0-only
// broken: setting RUNNABLE resets the vCPU
// rules: SE-MPS-08 SE-MPS-05 SE-SUS-12
// why: CPU_ON and KVM_SET_MP_STATE are made alike
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_arch_vcpu_ioctl_set_mpstate(...)
{
<...
(
- WRITE_ONCE(vcpu->arch.mp_state, *mp_state);
+ WRITE_ONCE(vcpu->arch.mp_state, *mp_state);
+ kvm_make_request(KVM_REQ_VCPU_RESET, vcpu);
|
- vcpu->arch.mp_state = *mp_state;
+ vcpu->arch.mp_state = *mp_state;
+ kvm_make_request(KVM_REQ_VCPU_RESET, vcpu);
)
...>
}
