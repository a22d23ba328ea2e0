// SPDX-License-Identifier: GPL-2.0-only
// broken: CPU_ON resets a SUSPENDED vCPU
// rules: SE-WKP-09
// why: only RUNNABLE is taken for on
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_vcpu_on(...)
{
<...
- !kvm_arm_vcpu_stopped(vcpu)
+ READ_ONCE(vcpu->arch.mp_state.mp_state) == KVM_MP_STATE_RUNNABLE
...>
}
