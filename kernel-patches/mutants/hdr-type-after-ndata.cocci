// SPDX-License-Identifier: GPL-2.0-only
// broken: type and ndata change places
// rules: SE-HDR-05
// why: the length looks better in front
// files: include/uapi/linux/kvm.h
// kind: header

@@ typedef __u32, __u64; @@
struct kvm_run {
...
union {
 ...
 struct {
  ...
- __u32 type;
- __u32 ndata;
+ __u32 ndata;
+ __u32 type;
  ...
 } system_event;
 ...
};
...
};
