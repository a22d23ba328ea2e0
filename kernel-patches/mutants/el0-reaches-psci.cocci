// SPDX-License-Identifier: GPL-2.0-only
// broken: a trap from EL0 that is no HVC or SMC is taken for a PSCI call
// rules: SE-EVT-17
// why: the mask of the exception class is wrong
// files: arch/arm64/kvm/handle_exit.c
// kind: wrong
// equivalent: EL0 cannot issue HVC, and its SMC is UNDEFINED at EL1 without a trap to EL2: KVM
//     never sees either

@@ @@
kvm_handle_unknown_ec(...)
{
<...
  kvm_inject_undefined(vcpu);
+ vcpu->run->exit_reason = KVM_EXIT_SYSTEM_EVENT;
...>
}
