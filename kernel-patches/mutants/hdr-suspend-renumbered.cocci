// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_SYSTEM_EVENT_SUSPEND takes the number of KVM_SYSTEM_EVENT_SEV_TERM
// rules: SE-HDR-02 SE-HDR-03
// why: two series take the same number
// files: include/uapi/linux/kvm.h
// kind: header

@@ @@
  #define KVM_MP_STATE_RUNNABLE 0
+ #undef KVM_SYSTEM_EVENT_SUSPEND
+ #define KVM_SYSTEM_EVENT_SUSPEND 6
