// SPDX-License-Identifier: GPL-2.0-only
// broken: a reset leaves the system registers alone
// rules: SE-PSC-10
// why: KVM_ARM_VCPU_INIT is thought to have set them
// files: arch/arm64/kvm/reset.c
// kind: wrong

@@ @@
kvm_reset_vcpu(...)
{
<...
- kvm_reset_sys_regs(vcpu);
+ if (!reset_state.reset)
+ 	kvm_reset_sys_regs(vcpu);
...>
}
