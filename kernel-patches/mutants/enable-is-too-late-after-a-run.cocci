// SPDX-License-Identifier: GPL-2.0-only
// broken: the capability cannot be enabled once a vCPU has been created
// rules: SE-SUS-10
// why: as with other capabilities
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_vm_ioctl_enable_cap(...)
{
<...
+ if (kvm->created_vcpus)
+ 	break;
  r = 0;
  set_bit(KVM_ARCH_FLAG_SYSTEM_SUSPEND_ENABLED, &kvm->arch.flags);
...>
}
