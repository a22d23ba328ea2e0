// SPDX-License-Identifier: GPL-2.0-only
// broken: a field is added between ndata and data[]
// rules: SE-HDR-05 SE-HDR-06 SE-HDR-07
// why: there is room in the union
// files: include/uapi/linux/kvm.h
// kind: header

@@ typedef __u32, __u64; @@
struct kvm_run {
...
union {
 ...
 struct {
  ...
  __u32 ndata;
+ __u64 source;
  ...
 } system_event;
 ...
};
...
};
