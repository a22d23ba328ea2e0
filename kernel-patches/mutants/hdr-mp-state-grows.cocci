// SPDX-License-Identifier: GPL-2.0-only
// broken: struct kvm_mp_state is 64 bits wide
// rules: SE-HDR-14
// why: room for flags is wanted
// files: include/uapi/linux/kvm.h
// kind: header

@@ typedef __u32, __u64; @@
struct kvm_mp_state {
- __u32 mp_state;
+ __u64 mp_state;
};
