// SPDX-License-Identifier: GPL-2.0-only
// broken: MIGRATE_INFO_TYPE says that a Trusted OS must be migrated
// rules: SE-PSC-25
// why: 0 looks like "nothing"
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_0_2_call(...)
{
<...
- val = PSCI_0_2_TOS_MP;
+ val = PSCI_0_2_TOS_UP_MIGRATE;
...>
}
