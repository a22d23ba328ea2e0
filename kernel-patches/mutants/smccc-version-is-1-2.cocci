// SPDX-License-Identifier: GPL-2.0-only
// broken: SMCCC_VERSION says 1.2
// rules: SE-FID-08
// why: the newest is thought to be the best
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_smccc_call_handler(...)
{
<...
- val[0] = ARM_SMCCC_VERSION_1_1;
+ val[0] = ARM_SMCCC_VERSION_1_2;
...>
}
