// SPDX-License-Identifier: GPL-2.0-only
// broken: the reset type and cookie are gone when userspace looks for them in x1 and x2
// rules: SE-RS2-04
// why: smccc_set_retval() is used as everywhere else
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
- vcpu_set_reg(vcpu, 0, PSCI_RET_INTERNAL_FAILURE);
+ smccc_set_retval(vcpu, PSCI_RET_INTERNAL_FAILURE, 0, 0, 0);
...>
}
