// SPDX-License-Identifier: GPL-2.0-only
// broken: a vCPU that is SUSPENDED is not stopped by the event
// rules: SE-MPS-02
// why: it does not run anyway
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_prepare_system_event(...)
{
<...
(
- WRITE_ONCE(tmp->arch.mp_state.mp_state, KVM_MP_STATE_STOPPED);
+ if (READ_ONCE(tmp->arch.mp_state.mp_state) != KVM_MP_STATE_SUSPENDED)
+ 	WRITE_ONCE(tmp->arch.mp_state.mp_state, KVM_MP_STATE_STOPPED);
|
- tmp->arch.mp_state.mp_state = KVM_MP_STATE_STOPPED;
+ if (READ_ONCE(tmp->arch.mp_state.mp_state) != KVM_MP_STATE_SUSPENDED)
+ 	WRITE_ONCE(tmp->arch.mp_state.mp_state, KVM_MP_STATE_STOPPED);
)
...>
}
