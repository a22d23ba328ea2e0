// SPDX-License-Identifier: GPL-2.0-only
// broken: CPU_ON at an odd address does not start the target in Thumb
// rules: SE-A32-04
// why: AArch32 is thought to be A32
// files: arch/arm64/include/asm/kvm_emulate.h arch/arm64/kvm/reset.c
// kind: wrong

@@ @@
kvm_reset_vcpu_psci(...)
{
<...
- vcpu_set_thumb(vcpu);
...>
}

@@ @@
kvm_reset_vcpu(...)
{
<...
- vcpu_set_thumb(vcpu);
...>
}
