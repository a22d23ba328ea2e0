// SPDX-License-Identifier: GPL-2.0-only
// broken: a field is added before the exit union
// rules: SE-HDR-04
// why: the header of kvm_run is thought to be extendable
// files: include/uapi/linux/kvm.h
// kind: header

@@ typedef __u64; @@
struct kvm_run {
...
  __u64 apic_base;
+ __u64 apic_flags;
...
};
