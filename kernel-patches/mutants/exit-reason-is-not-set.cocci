// SPDX-License-Identifier: GPL-2.0-only
// broken: the exit reason is not set: userspace sees KVM_EXIT_UNKNOWN
// rules: SE-EVT-01
// why: the assignment is lost when the helper is split
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_prepare_system_event(...)
{
<...
- vcpu->run->exit_reason = KVM_EXIT_SYSTEM_EVENT;
...>
}
