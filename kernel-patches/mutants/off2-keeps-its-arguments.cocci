// SPDX-License-Identifier: GPL-2.0-only
// broken: x1 to x3 are left in place at the exit of SYSTEM_OFF2
// rules: SE-OF2-07
// why: it is made alike to SYSTEM_RESET2
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
  kvm_psci_system_off2(vcpu);
- val = PSCI_RET_INTERNAL_FAILURE;
- ret = 0;
+ vcpu_set_reg(vcpu, 0, PSCI_RET_INTERNAL_FAILURE);
+ return 0;
...>
}
