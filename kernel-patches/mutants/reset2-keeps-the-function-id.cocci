// SPDX-License-Identifier: GPL-2.0-only
// broken: x0 still holds the function id at the exit
// rules: SE-RS2-04
// why: the preload is thought to be for SYSTEM_OFF alone
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
- vcpu_set_reg(vcpu, 0, PSCI_RET_INTERNAL_FAILURE);
...>
}
