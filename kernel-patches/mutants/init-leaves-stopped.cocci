// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_ARM_VCPU_INIT does not make a STOPPED vCPU RUNNABLE: a VM cannot be started again
// rules: SE-RST-03 SE-MPS-07 SE-EVT-15
// why: this was a bug of 2014, and the else looks redundant
// files: arch/arm64/kvm/arm.c
// kind: hang

@@ @@
kvm_arch_vcpu_ioctl_vcpu_init(...)
{
<...
(
- WRITE_ONCE(vcpu->arch.mp_state.mp_state, KVM_MP_STATE_RUNNABLE);
+ ;
|
- vcpu->arch.mp_state.mp_state = KVM_MP_STATE_RUNNABLE;
+ ;
)
...>
}
