// SPDX-License-Identifier: GPL-2.0-only
// broken: every vCPU but the caller becomes STOPPED
// rules: SE-MPS-01
// why: the caller is leaving anyway
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_prepare_system_event(...)
{
<...
(
- WRITE_ONCE(tmp->arch.mp_state.mp_state, KVM_MP_STATE_STOPPED);
+ if (tmp != vcpu)
+ 	WRITE_ONCE(tmp->arch.mp_state.mp_state, KVM_MP_STATE_STOPPED);
|
- tmp->arch.mp_state.mp_state = KVM_MP_STATE_STOPPED;
+ if (tmp != vcpu)
+ 	WRITE_ONCE(tmp->arch.mp_state.mp_state, KVM_MP_STATE_STOPPED);
)
...>
}
