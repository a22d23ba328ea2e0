// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_OFF is reported as KVM_SYSTEM_EVENT_CRASH
// rules: SE-OFF-01 SE-HDR-02
// why: a new reason for a shutdown is given to the wrong caller
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_system_off(...)
{
<...
- KVM_SYSTEM_EVENT_SHUTDOWN
+ KVM_SYSTEM_EVENT_CRASH
...>
}
