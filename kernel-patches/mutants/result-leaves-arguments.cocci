// SPDX-License-Identifier: GPL-2.0-only
// broken: x1 to x3 keep the arguments after a call
// rules: SE-FID-02 SE-OFF-02
// why: only one result is thought to be returned
// files: include/kvm/arm_hypercalls.h
// kind: wrong

@@ @@
smccc_set_retval(...)
{
<...
- vcpu_set_reg(vcpu, 1, a1);
- vcpu_set_reg(vcpu, 2, a2);
- vcpu_set_reg(vcpu, 3, a3);
...>
}
