// SPDX-License-Identifier: GPL-2.0-only
// broken: a Thumb target starts at the odd address
// rules: SE-A32-04
// why: the mode is set and the bit is kept
// files: arch/arm64/include/asm/kvm_emulate.h arch/arm64/kvm/reset.c
// kind: wrong

@@ @@
kvm_reset_vcpu_psci(...)
{
<...
- target_pc &= ~1UL;
...>
}

@@ @@
kvm_reset_vcpu(...)
{
<...
- target_pc &= ~1UL;
...>
}
