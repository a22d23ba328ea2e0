// SPDX-License-Identifier: GPL-2.0-only
// broken: WAKEUP makes the vCPU RUNNABLE by itself
// rules: SE-WKP-03
// why: waking up is thought to end the suspension
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_vcpu_suspend(...)
{
<...
  vcpu->run->exit_reason = KVM_EXIT_SYSTEM_EVENT;
+ WRITE_ONCE(vcpu->arch.mp_state.mp_state, KVM_MP_STATE_RUNNABLE);
...>
}
