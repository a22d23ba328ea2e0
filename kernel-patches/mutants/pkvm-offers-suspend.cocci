// SPDX-License-Identifier: GPL-2.0-only
// broken: a protected VM can enable KVM_CAP_ARM_SYSTEM_SUSPEND
// rules: SE-PKV-03
// why: a list of what is refused replaces the list of what is allowed
// files: arch/arm64/include/asm/kvm_pkvm.h
// kind: wrong
// mode: protected

@@ @@
kvm_pkvm_ext_allowed(...)
{
<...
- return !kvm || !kvm_vm_is_protected(kvm);
+ return true;
...>
}
