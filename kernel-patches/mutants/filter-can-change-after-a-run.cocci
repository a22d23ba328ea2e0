// SPDX-License-Identifier: GPL-2.0-only
// broken: the filter can be changed while the VM runs
// rules: SE-FLT-10
// why: EBUSY is thought to be in the way
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_smccc_set_filter(...)
{
<...
(
- kvm_vm_has_ran_once(kvm)
+ 0
|
- test_bit(KVM_ARCH_FLAG_HAS_RAN_ONCE, &kvm->arch.flags)
+ 0
)
...>
}
