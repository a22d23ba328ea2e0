// SPDX-License-Identifier: GPL-2.0-only
// broken: flags of kvm_run becomes 32 bits wide
// rules: SE-HDR-04
// why: sixteen bits look few
// files: include/uapi/linux/kvm.h
// kind: header

@@ typedef __u16, __u32; @@
struct kvm_run {
...
- __u16 flags;
+ __u32 flags;
...
};
