// SPDX-License-Identifier: GPL-2.0-only
// broken: mp_state is written without its lock
// rules: SE-EVT-13
// why: a single store looks atomic
// files: arch/arm64/kvm/psci.c
// kind: race
// equivalent: the store is one instruction, and what the lock orders (CPU_ON of the same vCPU
//     between test and store) needs a second host processor; the lab has one

@@ @@
kvm_prepare_system_event(...)
{
<...
- spin_lock(&tmp->arch.mp_state_lock);
  ...
- spin_unlock(&tmp->arch.mp_state_lock);
...>
}
