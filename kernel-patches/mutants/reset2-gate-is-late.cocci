// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_RESET2 is not there at PSCI 1.1
// rules: SE-RS2-08 SE-RS2-01
// why: > for >=
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
- if (minor >= 1)
+ if (minor > 1)
  { ... }
...>
}
