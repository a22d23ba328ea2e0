// SPDX-License-Identifier: GPL-2.0-only
// broken: a protected VM is not told that it has PSCI
// rules: SE-PKV-03
// why: a line is lost where the list is sorted
// files: arch/arm64/include/asm/kvm_pkvm.h
// kind: wrong
// mode: protected

@@ statement S; @@
kvm_pkvm_ext_allowed(...)
{
+ if (kvm && kvm_vm_is_protected(kvm) && ext == KVM_CAP_ARM_PSCI_0_2)
+ 	return false;
  S
  ...
}
