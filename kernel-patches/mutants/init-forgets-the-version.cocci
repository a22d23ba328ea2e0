// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_ARM_VCPU_INIT puts the PSCI version back to the newest
// rules: SE-VER-05 SE-RST-02
// why: initialising is thought to begin from nothing
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_arch_vcpu_ioctl_vcpu_init(...)
{
<...
  vcpu_reset_hcr(vcpu);
+ vcpu->kvm->arch.psci_version = 0;
...>
}
