// SPDX-License-Identifier: GPL-2.0-only
// broken: a field is added before exit_reason
// rules: SE-HDR-04
// why: padding1 is thought to be free
// files: include/uapi/linux/kvm.h
// kind: header

@@ typedef __u8; @@
struct kvm_run {
...
- __u8 padding1[6];
+ __u8 padding1[10];
...
};
