// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_MP_STATE_STOPPED is 6
// rules: SE-HDR-14
// why: a state is inserted and not appended
// files: include/uapi/linux/kvm.h
// kind: header

@@ expression E; @@
- #define KVM_MP_STATE_STOPPED E
+ #define KVM_MP_STATE_STOPPED 6
