// SPDX-License-Identifier: GPL-2.0-only
// broken: a virtual IRQ from userspace does not wake a SUSPENDED or waiting vCPU
// rules: SE-WKP-02 SE-PSC-24
// why: only the in-kernel GIC is asked
// files: arch/arm64/kvm/arm.c
// kind: hang

@@ @@
kvm_arch_vcpu_runnable(...)
{
<...
(
- HCR_VI | HCR_VF | HCR_VSE
+ HCR_VF | HCR_VSE
|
- HCR_VI | HCR_VF
+ HCR_VF
)
...>
}
