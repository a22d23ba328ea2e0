// SPDX-License-Identifier: GPL-2.0-only
// broken: args and ret of the hypercall exit change places
// rules: SE-HDR-15
// why: they are sorted by size
// files: include/uapi/linux/kvm.h
// kind: header

@@ typedef __u64; @@
struct kvm_run {
...
union {
 ...
 struct {
  __u64 nr;
- __u64 args[6];
- __u64 ret;
+ __u64 ret;
+ __u64 args[6];
  ...
 } hypercall;
 ...
};
...
};
