// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_OFF2 is there at PSCI 1.2
// rules: SE-OF2-06
// why: the bound is off by one
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
- minor < 3
+ minor < 2
...>
}
