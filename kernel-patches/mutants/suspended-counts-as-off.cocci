// SPDX-License-Identifier: GPL-2.0-only
// broken: AFFINITY_INFO calls a SUSPENDED vCPU off
// rules: SE-WKP-09
// why: only RUNNABLE is taken for on
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_vcpu_affinity_info(...)
{
<...
- !kvm_arm_vcpu_stopped(tmp)
+ READ_ONCE(tmp->arch.mp_state.mp_state) == KVM_MP_STATE_RUNNABLE
...>
}
