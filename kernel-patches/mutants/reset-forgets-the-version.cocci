// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_RESET puts the PSCI version back to the newest
// rules: SE-RST-02 SE-VER-05
// why: a reset is thought to reset everything
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_system_reset(...)
{
<...
+ vcpu->kvm->arch.psci_version = 0;
  kvm_prepare_system_event(...);
...>
}
