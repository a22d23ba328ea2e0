// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_RESET2 is there at PSCI 1.0 too
// rules: SE-RS2-08
// why: the version gate is removed with an older one
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
- if (minor >= 1)
+ if (minor >= 0)
  { ... }
...>
}
