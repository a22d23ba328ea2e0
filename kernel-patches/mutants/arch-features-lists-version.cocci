// SPDX-License-Identifier: GPL-2.0-only
// broken: ARCH_FEATURES lists SMCCC_VERSION
// rules: SE-FID-08
// why: the specification asks for it
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_smccc_call_handler(...)
{
<...
  feature = smccc_get_arg1(vcpu);
+ if (feature == ARM_SMCCC_VERSION_FUNC_ID)
+ 	val[0] = SMCCC_RET_SUCCESS;
...>
}
