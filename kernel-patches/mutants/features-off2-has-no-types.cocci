// SPDX-License-Identifier: GPL-2.0-only
// broken: PSCI_FEATURES(SYSTEM_OFF2) is 0: no type is offered
// rules: SE-PSC-03
// why: 0 means "there" for every other function
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
- val = PSCI_1_3_OFF_TYPE_HIBERNATE_OFF;
+ val = 0;
...>
}
