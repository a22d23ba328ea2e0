// SPDX-License-Identifier: GPL-2.0-only
// broken: kvm_valid_regs and kvm_dirty_regs change places
// rules: SE-HDR-08
// why: they are sorted
// files: include/uapi/linux/kvm.h
// kind: header

@@ typedef __u64; @@
struct kvm_run {
...
- __u64 kvm_valid_regs;
- __u64 kvm_dirty_regs;
+ __u64 kvm_dirty_regs;
+ __u64 kvm_valid_regs;
...
};
