// SPDX-License-Identifier: GPL-2.0-only
// broken: ids from 0x20 to 0x3f reach PSCI
// rules: SE-FID-04
// why: the bound is raised to be safe
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong
// equivalent: PSCI answers NOT_SUPPORTED to an id it does not know, just as the denial does

@@ @@
kvm_smccc_default_allowed(...)
{
<...
- ARM_SMCCC_FUNC_NUM(func_id) <= 0x1f
+ ARM_SMCCC_FUNC_NUM(func_id) <= 0x3f
...>
}
