// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_EXIT_SYSTEM_EVENT is 25
// rules: SE-HDR-01
// why: a new exit reason is inserted and not appended
// files: include/uapi/linux/kvm.h
// kind: header

@@ expression E; @@
- #define KVM_EXIT_SYSTEM_EVENT E
+ #define KVM_EXIT_SYSTEM_EVENT 25
