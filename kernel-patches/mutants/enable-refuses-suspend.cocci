// SPDX-License-Identifier: GPL-2.0-only
// broken: enabling the capability is refused
// rules: SE-SUS-10 SE-SUS-01
// why: the case falls out of the switch
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_vm_ioctl_enable_cap(...)
{
<...
- r = 0;
  set_bit(KVM_ARCH_FLAG_SYSTEM_SUSPEND_ENABLED, &kvm->arch.flags);
...>
}
