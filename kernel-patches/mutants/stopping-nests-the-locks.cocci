// SPDX-License-Identifier: GPL-2.0-only
// broken: the caller holds its own mp_state_lock while it takes those of all, itself included
// rules: SE-EVT-13 SE-EVT-01
// why: somebody wants the event to be atomic
// files: arch/arm64/kvm/psci.c
// kind: hang

@@ @@
kvm_prepare_system_event(...)
{
<...
  struct kvm_vcpu *tmp;
+ spin_lock(&vcpu->arch.mp_state_lock);
...>
}
