// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_HYPERCALL_EXIT_16BIT is set for 32-bit instructions
// rules: SE-FLT-03 SE-FLT-13
// why: the sense of ESR_ELx.IL is inverted
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_prepare_hypercall_exit(...)
{
<...
- !kvm_vcpu_trap_il_is32bit(vcpu)
+ kvm_vcpu_trap_il_is32bit(vcpu)
...>
}
