// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_SYSTEM_EVENT_RESET_FLAG_PSCI_RESET2 is bit 1
// rules: SE-HDR-09
// why: bit 0 is thought to be taken
// files: arch/arm64/include/uapi/asm/kvm.h
// kind: header

@@ expression E; @@
- #define KVM_SYSTEM_EVENT_RESET_FLAG_PSCI_RESET2 E
+ #define KVM_SYSTEM_EVENT_RESET_FLAG_PSCI_RESET2 (1ULL << 1)
