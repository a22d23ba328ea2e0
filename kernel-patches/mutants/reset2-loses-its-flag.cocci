// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_RESET2 is reported without its flag, as SYSTEM_RESET
// rules: SE-RS2-01
// why: both calls are made to share one helper
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_system_reset2(...)
{
<...
- KVM_SYSTEM_EVENT_RESET_FLAG_PSCI_RESET2
+ 0
...>
}
