// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_OFF2 accepts any type
// rules: SE-OF2-03
// why: the check is left to userspace
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
- arg && arg != PSCI_1_3_OFF_TYPE_HIBERNATE_OFF
+ 0
...>
}
