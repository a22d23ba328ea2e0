// SPDX-License-Identifier: GPL-2.0-only
// broken: a vCPU with EL2 begins at EL1
// rules: SE-NV-01
// why: the third case of the reset state is forgotten
// files: arch/arm64/include/asm/kvm_emulate.h arch/arm64/kvm/reset.c
// kind: wrong
// mode: nested

@@ @@
kvm_reset_vcpu_core(...)
{
<...
- VCPU_RESET_PSTATE_EL2
+ VCPU_RESET_PSTATE_EL1
...>
}

@@ @@
kvm_reset_vcpu(...)
{
<...
- VCPU_RESET_PSTATE_EL2
+ VCPU_RESET_PSTATE_EL1
...>
}
