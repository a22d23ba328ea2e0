// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_ARM_VCPU_POWER_OFF does not stop the vCPU
// rules: SE-INI-05
// why: the feature is filtered out with the ephemeral ones
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_arch_vcpu_ioctl_vcpu_init(...)
{
<...
(
- if (power_off)
+ if (0)
  __kvm_arm_vcpu_power_off(vcpu);
  else
  { ... }
|
- if (power_off)
+ if (0)
  __kvm_arm_vcpu_power_off(vcpu);
  else
  WRITE_ONCE(...);
|
- if (test_bit(KVM_ARM_VCPU_POWER_OFF, vcpu->arch.features))
+ if (0)
  __kvm_arm_vcpu_power_off(vcpu);
  else
  WRITE_ONCE(...);
|
- if (test_bit(KVM_ARM_VCPU_POWER_OFF, vcpu->arch.features))
+ if (0)
  __kvm_arm_vcpu_power_off(vcpu);
  else
  vcpu->arch.mp_state.mp_state = KVM_MP_STATE_RUNNABLE;
)
...>
}
