// SPDX-License-Identifier: GPL-2.0-only
// broken: the header fields of kvm_run that only x86 has are written
// rules: SE-EVT-06
// why: generic code begins to report its state there
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_prepare_system_event(...)
{
<...
  vcpu->run->exit_reason = KVM_EXIT_SYSTEM_EVENT;
+ vcpu->run->ready_for_interrupt_injection = 1;
...>
}
