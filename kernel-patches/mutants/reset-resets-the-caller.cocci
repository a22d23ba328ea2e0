// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM itself resets the calling vCPU on SYSTEM_RESET
// rules: SE-RST-02 SE-EVT-08 SE-EVT-09
// why: userspace is going to do it anyway
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_system_reset(...)
{
<...
  kvm_prepare_system_event(...);
+ kvm_reset_vcpu(vcpu);
...>
}
