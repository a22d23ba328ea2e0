// SPDX-License-Identifier: GPL-2.0-only
// broken: kvm_valid_regs is set on an event
// rules: SE-EVT-07
// why: synchronised registers are begun and not finished
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_prepare_system_event(...)
{
<...
  vcpu->run->exit_reason = KVM_EXIT_SYSTEM_EVENT;
+ vcpu->run->kvm_valid_regs = 0;
...>
}
