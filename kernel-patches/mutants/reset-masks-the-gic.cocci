// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_RESET switches the distributor of an in-kernel GIC off
// rules: SE-RST-02 SE-EVT-16
// why: a reset is thought to reset everything
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_system_reset(...)
{
<...
  kvm_prepare_system_event(...);
+ vcpu->kvm->arch.vgic.enabled = false;
...>
}
