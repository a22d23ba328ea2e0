// SPDX-License-Identifier: GPL-2.0-only
// broken: results 1 and 2 are swapped
// rules: SE-FID-02
// why: arguments in the wrong order
// files: include/kvm/arm_hypercalls.h
// kind: wrong
// equivalent: no call that is left to the cases returns x1 and x2 that differ: PSCI returns zeroes
//     in both

@@ @@
smccc_set_retval(...)
{
<...
- vcpu_set_reg(vcpu, 1, a1);
- vcpu_set_reg(vcpu, 2, a2);
+ vcpu_set_reg(vcpu, 1, a2);
+ vcpu_set_reg(vcpu, 2, a1);
...>
}
