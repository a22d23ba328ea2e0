// SPDX-License-Identifier: GPL-2.0-only
// broken: CPU_SUSPEND goes on at its entry point
// rules: SE-PSC-24
// why: as after a power-down
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_vcpu_suspend(...)
{
<...
(
  kvm_vcpu_wfi(vcpu);
+ *vcpu_pc(vcpu) = smccc_get_arg2(vcpu);
|
  kvm_vcpu_halt(vcpu);
+ *vcpu_pc(vcpu) = smccc_get_arg2(vcpu);
)
...>
}
