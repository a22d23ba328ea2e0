// SPDX-License-Identifier: GPL-2.0-only
// broken: userspace reads a vCPU's registers before the reset that CPU_ON owes it
// rules: SE-PSC-10
// why: the reset is thought to be KVM_RUN's business
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_arch_vcpu_ioctl(...)
{
<...
- if (kvm_check_request(KVM_REQ_VCPU_RESET, vcpu)) kvm_reset_vcpu(vcpu);
...>
}
