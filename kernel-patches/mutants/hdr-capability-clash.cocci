// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_CAP_SYSTEM_EVENT_DATA gets another number
// rules: SE-HDR-11
// why: two series take the same number
// files: include/uapi/linux/kvm.h
// kind: header

@@ expression E; @@
- #define KVM_CAP_SYSTEM_EVENT_DATA E
+ #define KVM_CAP_SYSTEM_EVENT_DATA 244
