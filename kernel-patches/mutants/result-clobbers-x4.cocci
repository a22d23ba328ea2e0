// SPDX-License-Identifier: GPL-2.0-only
// broken: x4 is overwritten by every call
// rules: SE-EVT-09
// why: SMCCC 1.2 allows more results
// files: include/kvm/arm_hypercalls.h
// kind: wrong

@@ @@
smccc_set_retval(...)
{
<...
  vcpu_set_reg(vcpu, 3, a3);
+ vcpu_set_reg(vcpu, 4, 0);
...>
}
