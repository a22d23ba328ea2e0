// SPDX-License-Identifier: GPL-2.0-only
// broken: plain SYSTEM_RESET carries the flag of SYSTEM_RESET2
// rules: SE-RST-01 SE-HDR-09
// why: both calls are made to share one helper
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_system_reset(...)
{
<...
  kvm_prepare_system_event(vcpu, KVM_SYSTEM_EVENT_RESET,
- 0
+ KVM_SYSTEM_EVENT_RESET_FLAG_PSCI_RESET2
  );
...>
}
