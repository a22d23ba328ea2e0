// SPDX-License-Identifier: GPL-2.0-only
// broken: a pending virtual SError does not wake a SUSPENDED vCPU
// rules: SE-WKP-06
// why: it did not on older kernels
// files: arch/arm64/kvm/arm.c
// kind: wrong
// equivalent: older kernels do just this and nothing that userspace can ask tells them apart, so
//     the case takes either

@@ @@
kvm_arch_vcpu_runnable(...)
{
<...
- HCR_VI | HCR_VF | HCR_VSE
+ HCR_VI | HCR_VF
...>
}
