// SPDX-License-Identifier: GPL-2.0-only
// broken: the PSTATE after INIT does not mask interrupts
// rules: SE-MPS-07 SE-PSC-10
// why: the mask is thought to be the guest's business
// files: arch/arm64/include/asm/kvm_emulate.h arch/arm64/kvm/reset.c
// kind: wrong

@@ @@
kvm_reset_vcpu_core(...)
{
<...
- pstate = VCPU_RESET_PSTATE_EL1;
+ pstate = VCPU_RESET_PSTATE_EL1 & ~PSR_I_BIT;
...>
}

@@ @@
kvm_reset_vcpu(...)
{
<...
- pstate = VCPU_RESET_PSTATE_EL1;
+ pstate = VCPU_RESET_PSTATE_EL1 & ~PSR_I_BIT;
...>
}
