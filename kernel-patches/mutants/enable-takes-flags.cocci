// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_ENABLE_CAP ignores cap.flags
// rules: SE-SUS-10 SE-ERR-03
// why: the check moves into the cases and is forgotten there
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_vm_ioctl_enable_cap(...)
{
<...
- if (cap->flags)
- 	return -EINVAL;
...>
}
