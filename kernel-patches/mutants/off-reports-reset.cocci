// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_OFF is reported as KVM_SYSTEM_EVENT_RESET
// rules: SE-OFF-01
// why: two helpers differ in one word, and one is copied from the other
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_system_off(...)
{
<...
- KVM_SYSTEM_EVENT_SHUTDOWN
+ KVM_SYSTEM_EVENT_RESET
...>
}
