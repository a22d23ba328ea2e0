// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_OFF2 with type 0 is refused
// rules: SE-OF2-02
// why: the specification was changed later, and "arg &&" looks odd
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
- arg && arg != PSCI_1_3_OFF_TYPE_HIBERNATE_OFF
+ arg != PSCI_1_3_OFF_TYPE_HIBERNATE_OFF
...>
}
