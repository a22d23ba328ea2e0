// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_OFF2 is reported without its flag, so userspace does not hibernate
// rules: SE-OF2-01
// why: both calls are made to share one helper
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_system_off2(...)
{
<...
- KVM_SYSTEM_EVENT_SHUTDOWN_FLAG_PSCI_OFF2
+ 0
...>
}
