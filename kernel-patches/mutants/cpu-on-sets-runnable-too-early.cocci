// SPDX-License-Identifier: GPL-2.0-only
// broken: the target becomes RUNNABLE before its reset state is filled in
// rules: SE-PSC-10 SE-PSC-16
// why: the state is set with the test
// files: arch/arm64/kvm/psci.c
// kind: race
// equivalent: the lock is held over both, and the target looks at its request after the state; only
//     a second host processor could come between

@@ @@
kvm_psci_vcpu_on(...)
{
<...
+ WRITE_ONCE(vcpu->arch.mp_state.mp_state, KVM_MP_STATE_RUNNABLE);
  reset_state = &vcpu->arch.reset_state;
...>
}
