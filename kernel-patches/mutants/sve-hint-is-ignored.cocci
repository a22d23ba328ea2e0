// SPDX-License-Identifier: GPL-2.0-only
// broken: the SVE hint of SMCCC 1.3, bit 16, is not part of the id
// rules: SE-FID-03
// why: SMCCC 1.3 says so, but KVM implements 1.1
// files: include/kvm/arm_hypercalls.h
// kind: wrong

@@ @@
smccc_get_function(...)
{
<...
- vcpu_get_reg(vcpu, 0)
+ vcpu_get_reg(vcpu, 0) & ~(1UL << 16)
...>
}
