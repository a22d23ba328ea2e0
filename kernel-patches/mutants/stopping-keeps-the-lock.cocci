// SPDX-License-Identifier: GPL-2.0-only
// broken: mp_state_lock of every vCPU is taken and not given back
// rules: SE-EVT-01 SE-MPS-02
// why: the unlock is lost in a merge
// files: arch/arm64/kvm/psci.c
// kind: hang

@@ @@
kvm_prepare_system_event(...)
{
<...
- spin_unlock(&tmp->arch.mp_state_lock);
...>
}
