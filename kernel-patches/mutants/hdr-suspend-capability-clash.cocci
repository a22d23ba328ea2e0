// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_CAP_ARM_SYSTEM_SUSPEND gets another number
// rules: SE-HDR-11
// why: two series take the same number
// files: include/uapi/linux/kvm.h
// kind: header

@@ expression E; @@
- #define KVM_CAP_ARM_SYSTEM_SUSPEND E
+ #define KVM_CAP_ARM_SYSTEM_SUSPEND 217
