// SPDX-License-Identifier: GPL-2.0-only
// broken: WAKEUP is reported as KVM_SYSTEM_EVENT_SUSPEND
// rules: SE-WKP-02
// why: copied from psci.c
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_vcpu_suspend(...)
{
<...
- KVM_SYSTEM_EVENT_WAKEUP
+ KVM_SYSTEM_EVENT_SUSPEND
...>
}
