// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_HAS_DEVICE_ATTR does not know the filter
// rules: SE-FLT-01
// why: has and set are kept in two places
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_vm_smccc_has_attr(...)
{
<...
- return 0;
+ return -ENXIO;
...>
}
