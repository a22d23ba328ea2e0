// SPDX-License-Identifier: GPL-2.0-only
// broken: with an in-kernel interrupt controller the event is not reported
// rules: SE-EVT-16
// why: the exit is thought to belong to the userspace irqchip path
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_prepare_system_event(...)
{
<...
- vcpu->run->exit_reason = KVM_EXIT_SYSTEM_EVENT;
+ if (!irqchip_in_kernel(vcpu->kvm))
+ 	vcpu->run->exit_reason = KVM_EXIT_SYSTEM_EVENT;
...>
}
