// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_ARM_VCPU_POWER_OFF becomes one of the VM's features, so the others must have it too
// rules: SE-INI-06
// why: the bit is not cleared
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_arch_vcpu_ioctl_vcpu_init(...)
{
<...
- init->features[0] &= ~BIT(KVM_ARM_VCPU_POWER_OFF);
...>
}
