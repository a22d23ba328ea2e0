// SPDX-License-Identifier: GPL-2.0-only
// broken: the kernel logs a warning for a call that a guest may make
// rules: SE-EVT-20
// why: a check for "cannot happen" stays in
// files: arch/arm64/kvm/psci.c
// kind: panic

@@ @@
kvm_psci_system_reset(...)
{
<...
+ WARN_ON(1);
  kvm_prepare_system_event(...);
...>
}
