// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_SYSTEM_EVENT_SHUTDOWN_FLAG_PSCI_OFF2 is bit 1
// rules: SE-HDR-10
// why: the flags of the two types are numbered together
// files: arch/arm64/include/uapi/asm/kvm.h
// kind: header

@@ expression E; @@
- #define KVM_SYSTEM_EVENT_SHUTDOWN_FLAG_PSCI_OFF2 E
+ #define KVM_SYSTEM_EVENT_SHUTDOWN_FLAG_PSCI_OFF2 (1ULL << 1)
