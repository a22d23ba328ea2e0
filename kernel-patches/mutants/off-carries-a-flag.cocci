// SPDX-License-Identifier: GPL-2.0-only
// broken: plain SYSTEM_OFF carries flag bit 0, which means SYSTEM_OFF2
// rules: SE-OFF-01 SE-HDR-10
// why: the flags of the new call are put into the common helper
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_system_off(...)
{
<...
  kvm_prepare_system_event(vcpu, KVM_SYSTEM_EVENT_SHUTDOWN,
- 0
+ 1
  );
...>
}
