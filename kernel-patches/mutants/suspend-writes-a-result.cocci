// SPDX-License-Identifier: GPL-2.0-only
// broken: x0 to x3 are overwritten before userspace can read the entry point
// rules: SE-SUS-03 SE-SUS-07
// why: smccc_set_retval() is used as everywhere else
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
  kvm_psci_system_suspend(vcpu);
- return 0;
+ val = PSCI_RET_SUCCESS;
+ ret = 0;
+ break;
...>
}
