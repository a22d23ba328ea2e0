// SPDX-License-Identifier: GPL-2.0-only
// broken: a VM reports only one event in its life
// rules: SE-EVT-15
// why: a latch against reporting twice is never cleared
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_prepare_system_event(...)
{
<...
- vcpu->run->exit_reason = KVM_EXIT_SYSTEM_EVENT;
+ if (!test_and_set_bit(31, &vcpu->kvm->arch.flags))
+ 	vcpu->run->exit_reason = KVM_EXIT_SYSTEM_EVENT;
...>
}
