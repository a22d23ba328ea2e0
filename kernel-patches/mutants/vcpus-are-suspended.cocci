// SPDX-License-Identifier: GPL-2.0-only
// broken: the vCPUs become SUSPENDED and not STOPPED, so an interrupt wakes them
// rules: SE-MPS-01 SE-MPS-02
// why: the newer state looks like the fitting one
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_prepare_system_event(...)
{
<...
(
- WRITE_ONCE(tmp->arch.mp_state.mp_state, KVM_MP_STATE_STOPPED);
+ WRITE_ONCE(tmp->arch.mp_state.mp_state, KVM_MP_STATE_SUSPENDED);
|
- tmp->arch.mp_state.mp_state = KVM_MP_STATE_STOPPED;
+ WRITE_ONCE(tmp->arch.mp_state.mp_state, KVM_MP_STATE_SUSPENDED);
)
...>
}
