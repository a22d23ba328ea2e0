// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_PSCI_FN_BASE is another number
// rules: SE-HDR-13
// why: a constant is typed anew
// files: arch/arm64/include/uapi/asm/kvm.h
// kind: header

@@ expression E; @@
- #define KVM_PSCI_FN_BASE E
+ #define KVM_PSCI_FN_BASE 0x95c1ba5f
