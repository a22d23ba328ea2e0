// SPDX-License-Identifier: GPL-2.0-only
// broken: the caller's interrupt masks are changed by the call
// rules: SE-EVT-09
// why: the state after a reset is prepared too early
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_prepare_system_event(...)
{
<...
  vcpu->run->exit_reason = KVM_EXIT_SYSTEM_EVENT;
+ *vcpu_cpsr(vcpu) |= PSR_A_BIT | PSR_I_BIT | PSR_F_BIT | PSR_D_BIT | PSR_V_BIT;
...>
}
