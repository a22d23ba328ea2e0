// SPDX-License-Identifier: GPL-2.0-only
// broken: INIT and CPU_ON leave the general registers as they were
// rules: SE-MPS-07 SE-PSC-10
// why: a reset is thought to be of the PC
// files: arch/arm64/include/asm/kvm_emulate.h arch/arm64/kvm/reset.c
// kind: wrong

@@ @@
kvm_reset_vcpu_core(...)
{
<...
- memset(vcpu_gp_regs(vcpu), 0, sizeof(*vcpu_gp_regs(vcpu)));
...>
}

@@ @@
kvm_reset_vcpu(...)
{
<...
- memset(vcpu_gp_regs(vcpu), 0, sizeof(*vcpu_gp_regs(vcpu)));
...>
}
