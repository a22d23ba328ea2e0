// SPDX-License-Identifier: GPL-2.0-only
// broken: PSCI_FEATURES lists SYSTEM_RESET2 at 1.0
// rules: SE-PSC-03 SE-RS2-08
// why: the gate is dropped in one of two places
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
- if (minor >= 1)
+ if (1)
  val = 0;
...>
}
