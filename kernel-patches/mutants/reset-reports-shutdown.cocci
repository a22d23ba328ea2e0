// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_RESET is reported as KVM_SYSTEM_EVENT_SHUTDOWN
// rules: SE-RST-01
// why: two helpers differ in one word, and one is copied from the other
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_system_reset(...)
{
<...
- KVM_SYSTEM_EVENT_RESET
+ KVM_SYSTEM_EVENT_SHUTDOWN
...>
}
