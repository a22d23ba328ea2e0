// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_RESET2 preloads x0 with PSCI_RET_SUCCESS
// rules: SE-RS2-04
// why: success looks right for a call that worked
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
- vcpu_set_reg(vcpu, 0, PSCI_RET_INTERNAL_FAILURE);
+ vcpu_set_reg(vcpu, 0, PSCI_RET_SUCCESS);
...>
}
