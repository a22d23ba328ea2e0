// SPDX-License-Identifier: GPL-2.0-only
// broken: the kernel takes a NULL pointer for the kvm_run page
// rules: SE-EVT-01
// why: a pointer is cleared before its last use
// files: arch/arm64/kvm/psci.c
// kind: panic

@@ @@
kvm_prepare_system_event(...)
{
<...
- vcpu->run->exit_reason = KVM_EXIT_SYSTEM_EVENT;
+ ((struct kvm_run *)NULL)->exit_reason = KVM_EXIT_SYSTEM_EVENT;
...>
}
