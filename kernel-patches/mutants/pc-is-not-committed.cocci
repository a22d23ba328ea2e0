// SPDX-License-Identifier: GPL-2.0-only
// broken: a pending step of the PC is not done before userspace looks
// rules: SE-EVT-08
// why: the code is thought to be for exceptions only
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_arch_vcpu_ioctl_run(...)
{
<...
- kvm_call_hyp(__kvm_adjust_pc, vcpu);
+ ;
...>
}
