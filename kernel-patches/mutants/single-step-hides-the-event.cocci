// SPDX-License-Identifier: GPL-2.0-only
// broken: a single-stepped call exits with KVM_EXIT_DEBUG and not with its event
// rules: SE-SIG-05
// why: the step is thought to be complete with the trap
// files: arch/arm64/kvm/handle_exit.c
// kind: wrong

@@ @@
handle_trap_exceptions(...)
{
<...
  handled = exit_handler(vcpu);
+ if (!handled && vcpu->guest_debug & KVM_GUESTDBG_SINGLESTEP)
+ 	vcpu->run->exit_reason = KVM_EXIT_DEBUG;
...>
}
