// SPDX-License-Identifier: GPL-2.0-only
// broken: a STOPPED vCPU with a pending interrupt counts as runnable
// rules: SE-MPS-06
// why: the two tests look alike
// files: arch/arm64/kvm/arm.c
// kind: wrong
// equivalent: it only ends the wait early: the sleep request is still there, and KVM_RUN sleeps
//     again before it enters the guest

@@ @@
kvm_arch_vcpu_runnable(...)
{
<...
- vcpu_can_run(v)
+ 1
...>
}
