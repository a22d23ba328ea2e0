// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_ARM_VCPU_INIT of one vCPU makes all of them RUNNABLE
// rules: SE-RST-03 SE-MPS-07
// why: the counterpart of what the event does
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ iterator name kvm_for_each_vcpu; @@
kvm_arch_vcpu_ioctl_vcpu_init(...)
{
<...
  vcpu_reset_hcr(vcpu);
+ {
+ 	unsigned long i;
+ 	struct kvm_vcpu *tmp;
+
+ 	kvm_for_each_vcpu(i, tmp, vcpu->kvm) {
+ 		WRITE_ONCE(tmp->arch.mp_state.mp_state, KVM_MP_STATE_RUNNABLE);
+ 	}
+ }
...>
}
