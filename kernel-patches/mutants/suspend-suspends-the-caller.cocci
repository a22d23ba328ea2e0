// SPDX-License-Identifier: GPL-2.0-only
// broken: the caller becomes SUSPENDED by itself
// rules: SE-SUS-05 SE-SUS-07
// why: the state of the same name looks meant for it
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_system_suspend(...)
{
<...
  run->exit_reason = KVM_EXIT_SYSTEM_EVENT;
+ WRITE_ONCE(vcpu->arch.mp_state.mp_state, KVM_MP_STATE_SUSPENDED);
...>
}
