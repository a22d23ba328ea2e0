// SPDX-License-Identifier: GPL-2.0-only
// broken: enabling KVM_CAP_ARM_SYSTEM_SUSPEND sets the flag of another capability
// rules: SE-SUS-10 SE-SUS-02
// why: copied from the case above
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_vm_ioctl_enable_cap(...)
{
<...
- set_bit(KVM_ARCH_FLAG_SYSTEM_SUSPEND_ENABLED, &kvm->arch.flags);
+ set_bit(KVM_ARCH_FLAG_RETURN_NISV_IO_ABORT_TO_USER, &kvm->arch.flags);
...>
}
