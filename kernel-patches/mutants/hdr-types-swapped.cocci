// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_SYSTEM_EVENT_SHUTDOWN and KVM_SYSTEM_EVENT_RESET change places
// rules: SE-HDR-02
// why: a merge conflict is resolved in the wrong order
// files: include/uapi/linux/kvm.h
// kind: header

@@ @@
  #define KVM_MP_STATE_RUNNABLE 0
+ #undef KVM_SYSTEM_EVENT_SHUTDOWN
+ #undef KVM_SYSTEM_EVENT_RESET
+ #define KVM_SYSTEM_EVENT_SHUTDOWN 2
+ #define KVM_SYSTEM_EVENT_RESET 1
