// SPDX-License-Identifier: GPL-2.0-only
// broken: SMC with a non-zero immediate zeroes x1 to x3
// rules: SE-CND-04
// why: smccc_set_retval() is used as everywhere else
// files: arch/arm64/kvm/handle_exit.c
// kind: wrong

@@ @@
handle_smc(...)
{
<...
- vcpu_set_reg(vcpu, 0, ~0UL);
+ smccc_set_retval(vcpu, ~0UL, 0, 0, 0);
...>
}
