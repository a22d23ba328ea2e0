// SPDX-License-Identifier: GPL-2.0-only
// broken: a protected VM can be created where there is no pKVM: it is not protected
// rules: SE-PKV-05
// why: the type is thought to be advice
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_arch_init_vm(...)
{
<...
- type & KVM_VM_TYPE_ARM_PROTECTED
+ 0
...>
}
