// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_OFF2 is reported as KVM_SYSTEM_EVENT_RESET
// rules: SE-OF2-01
// why: copied from SYSTEM_RESET2
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_system_off2(...)
{
<...
- KVM_SYSTEM_EVENT_SHUTDOWN
+ KVM_SYSTEM_EVENT_RESET
...>
}
