// SPDX-License-Identifier: GPL-2.0-only
// broken: a virtual FIQ does not wake a SUSPENDED or waiting vCPU
// rules: SE-WKP-05
// why: FIQ is thought to be for the secure world
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_arch_vcpu_runnable(...)
{
<...
(
- HCR_VI | HCR_VF | HCR_VSE
+ HCR_VI | HCR_VSE
|
- HCR_VI | HCR_VF
+ HCR_VI
)
...>
}
