// SPDX-License-Identifier: GPL-2.0-only
// broken: a vCPU that is created when others exist is STOPPED
// rules: SE-MPS-10
// why: secondaries are thought to wait for CPU_ON
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_arch_vcpu_create(...)
{
<...
  kvm_timer_vcpu_init(vcpu);
+ if (atomic_read(&vcpu->kvm->online_vcpus) > 0)
+ 	vcpu->arch.mp_state.mp_state = KVM_MP_STATE_STOPPED;
...>
}
