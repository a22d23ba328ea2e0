// SPDX-License-Identifier: GPL-2.0-only
// broken: ndata becomes 64 bits wide, and data[] moves
// rules: SE-HDR-05 SE-HDR-07
// why: an aligned field looks better
// files: include/uapi/linux/kvm.h
// kind: header

@@ typedef __u32, __u64; @@
struct kvm_run {
...
union {
 ...
 struct {
  ...
- __u32 ndata;
+ __u64 ndata;
  ...
 } system_event;
 ...
};
...
};
