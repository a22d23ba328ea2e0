// SPDX-License-Identifier: GPL-2.0-only
// broken: writing a bitmap's own value after a run is EBUSY: a restore fails
// rules: SE-VER-11
// why: the documentation says plain EBUSY
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_arm_set_fw_reg_bmap(...)
{
<...
(
- kvm_vm_has_ran_once(kvm) && val != *fw_reg_bmap
+ kvm_vm_has_ran_once(kvm)
|
- test_bit(KVM_ARCH_FLAG_HAS_RAN_ONCE, &kvm->arch.flags) && val != *fw_reg_bmap
+ test_bit(KVM_ARCH_FLAG_HAS_RAN_ONCE, &kvm->arch.flags)
)
...>
}
