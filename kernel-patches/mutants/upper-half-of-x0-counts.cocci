// SPDX-License-Identifier: GPL-2.0-only
// broken: a call with garbage in the upper half of x0 is refused
// rules: SE-FID-01 SE-OFF-01
// why: only W0 is defined, and garbage is thought to be an error
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ typedef u32; @@
kvm_smccc_call_handler(...)
{
  ...
+ if (upper_32_bits(vcpu_get_reg(vcpu, 0))) {
+ 	smccc_set_retval(vcpu, SMCCC_RET_NOT_SUPPORTED, 0, 0, 0);
+ 	return 1;
+ }
  action = kvm_smccc_get_action(...);
  ...
}
