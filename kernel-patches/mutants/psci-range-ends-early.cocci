// SPDX-License-Identifier: GPL-2.0-only
// broken: ids from 0x15 on are denied before PSCI sees them
// rules: SE-FID-04 SE-OF2-01
// why: the bound is not raised for a new function
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_smccc_default_allowed(...)
{
<...
- ARM_SMCCC_FUNC_NUM(func_id) <= 0x1f
+ ARM_SMCCC_FUNC_NUM(func_id) <= 0x14
...>
}
