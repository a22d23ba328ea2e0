// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_RESET2 is reported as KVM_SYSTEM_EVENT_SHUTDOWN
// rules: SE-RS2-01
// why: copied from the helper above it
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_system_reset2(...)
{
<...
- KVM_SYSTEM_EVENT_RESET
+ KVM_SYSTEM_EVENT_SHUTDOWN
...>
}
