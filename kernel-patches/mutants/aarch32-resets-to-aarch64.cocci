// SPDX-License-Identifier: GPL-2.0-only
// broken: the PSTATE after INIT is AArch64's
// rules: SE-A32-06
// why: the width is looked at too early
// files: arch/arm64/include/asm/kvm_emulate.h arch/arm64/kvm/reset.c
// kind: wrong

@@ @@
kvm_reset_vcpu_core(...)
{
<...
- pstate = VCPU_RESET_PSTATE_SVC;
+ pstate = VCPU_RESET_PSTATE_SVC & ~PSR_AA32_F_BIT;
...>
}

@@ @@
kvm_reset_vcpu(...)
{
<...
- pstate = VCPU_RESET_PSTATE_SVC;
+ pstate = VCPU_RESET_PSTATE_SVC & ~PSR_AA32_F_BIT;
...>
}
