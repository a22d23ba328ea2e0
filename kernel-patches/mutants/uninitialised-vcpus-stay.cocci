// SPDX-License-Identifier: GPL-2.0-only
// broken: a vCPU that has not been initialised is not stopped by the event
// rules: SE-MPS-02
// why: it cannot run yet
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_prepare_system_event(...)
{
<...
(
- WRITE_ONCE(tmp->arch.mp_state.mp_state, KVM_MP_STATE_STOPPED);
+ if (tmp == vcpu || vcpu_has_run_once(tmp))
+ 	WRITE_ONCE(tmp->arch.mp_state.mp_state, KVM_MP_STATE_STOPPED);
|
- tmp->arch.mp_state.mp_state = KVM_MP_STATE_STOPPED;
+ if (tmp == vcpu || vcpu_has_run_once(tmp))
+ 	WRITE_ONCE(tmp->arch.mp_state.mp_state, KVM_MP_STATE_STOPPED);
)
...>
}
