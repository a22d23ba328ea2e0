// SPDX-License-Identifier: GPL-2.0-only
// broken: only the lower half of the 64-bit call's cookie must be zero
// rules: SE-OF2-04
// why: the variable for 32-bit calls is reused
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ typedef u32; @@
kvm_psci_1_x_call(...)
{
<...
- smccc_get_arg2(vcpu) != 0
+ (u32)smccc_get_arg2(vcpu) != 0
...>
}
