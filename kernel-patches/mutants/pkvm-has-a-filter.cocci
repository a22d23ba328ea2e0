// SPDX-License-Identifier: GPL-2.0-only
// broken: a protected VM takes a SMCCC filter
// rules: SE-PKV-04
// why: the list of ioctls is not asked
// files: arch/arm64/include/asm/kvm_pkvm.h
// kind: wrong
// mode: protected

@@ @@
kvm_pkvm_ioctl_allowed(...)
{
<...
- return kvm_pkvm_ext_allowed(kvm, ext);
+ return true;
...>
}
