// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_HAS_DEVICE_ATTR knows attributes that do not exist
// rules: SE-FLT-01
// why: the default case is taken for "nothing to do"
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_vm_smccc_has_attr(...)
{
<...
- return -ENXIO;
+ return 0;
...>
}
