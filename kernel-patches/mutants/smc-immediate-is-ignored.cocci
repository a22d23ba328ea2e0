// SPDX-License-Identifier: GPL-2.0-only
// broken: SMC with a non-zero immediate is handled like SMC #0
// rules: SE-CND-04 SE-FLT-12
// why: the same is done for HVC
// files: arch/arm64/kvm/handle_exit.c
// kind: wrong

@@ @@
handle_smc(...)
{
<...
- if (kvm_vcpu_hvc_get_imm(vcpu)) {
- 	vcpu_set_reg(vcpu, 0, ~0UL);
- 	return 1;
- }
...>
}
