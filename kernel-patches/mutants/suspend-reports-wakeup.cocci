// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_SUSPEND is reported as KVM_SYSTEM_EVENT_WAKEUP
// rules: SE-SUS-02
// why: two new numbers are confused
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_system_suspend(...)
{
<...
- KVM_SYSTEM_EVENT_SUSPEND
+ KVM_SYSTEM_EVENT_WAKEUP
...>
}
