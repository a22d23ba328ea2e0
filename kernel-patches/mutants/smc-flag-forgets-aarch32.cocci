// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_HYPERCALL_EXIT_SMC is not set for AArch32
// rules: SE-FLT-13
// why: one of two classes is forgotten
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_prepare_hypercall_exit(...)
{
<...
- ec == ESR_ELx_EC_SMC32 || ec == ESR_ELx_EC_SMC64
+ ec == ESR_ELx_EC_SMC64
...>
}
