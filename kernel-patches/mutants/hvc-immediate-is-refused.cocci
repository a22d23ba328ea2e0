// SPDX-License-Identifier: GPL-2.0-only
// broken: HVC with a non-zero immediate is refused
// rules: SE-CND-01 SE-FLT-12
// why: the SMCCC reserves it, and SMC does so
// files: arch/arm64/kvm/handle_exit.c
// kind: wrong

@@ @@
handle_hvc(...)
{
<...
- return kvm_smccc_call_handler(vcpu);
+ if (kvm_vcpu_hvc_get_imm(vcpu)) {
+ 	vcpu_set_reg(vcpu, 0, ~0UL);
+ 	return 1;
+ }
+ return kvm_smccc_call_handler(vcpu);
...>
}
