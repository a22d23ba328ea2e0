// SPDX-License-Identifier: GPL-2.0-only
// broken: the exit union is 512 bytes
// rules: SE-HDR-08
// why: a new member does not fit
// files: include/uapi/linux/kvm.h
// kind: header

@@ @@
struct kvm_run {
...
union {
 ...
- char padding[256];
+ char padding[512];
};
...
};
