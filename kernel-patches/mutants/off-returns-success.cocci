// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_OFF preloads x0 with PSCI_RET_SUCCESS: a guest that is resumed believes in it
// rules: SE-OFF-02 SE-OFF-03
// why: success looks right for a call that worked
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_0_2_call(...)
{
<...
  kvm_psci_system_off(...);
- val = PSCI_RET_INTERNAL_FAILURE;
+ val = PSCI_RET_SUCCESS;
...>
}
