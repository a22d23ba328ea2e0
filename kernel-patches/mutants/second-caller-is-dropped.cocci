// SPDX-License-Identifier: GPL-2.0-only
// broken: a caller that another vCPU has just stopped leaves without an event
// rules: SE-EVT-13
// why: the VM is on its way down already
// files: arch/arm64/kvm/psci.c
// kind: race
// equivalent: the other vCPU must come between the trap of a call and its handling, which takes a
//     second host processor; the lab has one

@@ @@
kvm_prepare_system_event(...)
{
<...
  struct kvm_vcpu *tmp;
+ if (kvm_arm_vcpu_stopped(vcpu))
+ 	return;
...>
}
