// SPDX-License-Identifier: GPL-2.0-only
// broken: PSCI_VERSION says 1.1 whatever was chosen
// rules: SE-PSC-01
// why: the constant is not made a variable
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
- PSCI_VERSION(1, minor)
+ PSCI_VERSION(1, 1)
...>
}
