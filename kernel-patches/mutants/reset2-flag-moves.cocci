// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_RESET2 sets bit 1 of the flags
// rules: SE-RS2-01 SE-HDR-09
// why: a bit number is taken for a mask, or a mask for a bit number
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_system_reset2(...)
{
<...
- KVM_SYSTEM_EVENT_RESET_FLAG_PSCI_RESET2
+ KVM_SYSTEM_EVENT_RESET_FLAG_PSCI_RESET2 << 1
...>
}
