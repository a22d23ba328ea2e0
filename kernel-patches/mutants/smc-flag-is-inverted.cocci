// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_HYPERCALL_EXIT_SMC is set for HVC
// rules: SE-FLT-03 SE-FLT-13
// why: a condition is inverted
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_prepare_hypercall_exit(...)
{
<...
- ec == ESR_ELx_EC_SMC32 || ec == ESR_ELx_EC_SMC64
+ ec != ESR_ELx_EC_SMC32 && ec != ESR_ELx_EC_SMC64
...>
}
