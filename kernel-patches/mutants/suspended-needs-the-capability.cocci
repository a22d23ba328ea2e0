// SPDX-License-Identifier: GPL-2.0-only
// broken: MP_STATE SUSPENDED is refused without KVM_CAP_ARM_SYSTEM_SUSPEND
// rules: SE-WKP-08
// why: the two belong together
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_arch_vcpu_ioctl_set_mpstate(...)
{
<...
- kvm_arm_vcpu_suspend(vcpu);
+ if (test_bit(KVM_ARCH_FLAG_SYSTEM_SUSPEND_ENABLED, &vcpu->kvm->arch.flags))
+ 	kvm_arm_vcpu_suspend(vcpu);
+ else
+ 	ret = -EINVAL;
...>
}
