// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_OFF2 preloads x0 with PSCI_RET_SUCCESS
// rules: SE-OF2-07
// why: success looks right for a call that worked
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
  kvm_psci_system_off2(vcpu);
- val = PSCI_RET_INTERNAL_FAILURE;
+ val = PSCI_RET_SUCCESS;
...>
}
