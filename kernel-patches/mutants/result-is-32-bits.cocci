// SPDX-License-Identifier: GPL-2.0-only
// broken: results are not sign-extended to 64 bits
// rules: SE-FID-07
// why: PSCI returns are 32 bits in the specification
// files: include/kvm/arm_hypercalls.h
// kind: wrong

@@ @@
smccc_set_retval(...)
{
<...
- vcpu_set_reg(vcpu, 0, a0);
+ vcpu_set_reg(vcpu, 0, lower_32_bits(a0));
...>
}
