// SPDX-License-Identifier: GPL-2.0-only
// broken: with immediate_exit the exit reason is overwritten
// rules: SE-SIG-01 SE-SIG-02
// why: a reason looks better than none
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_arch_vcpu_ioctl_run(...)
{
<...
(
  if (!vcpu->wants_to_run) {
+ 	run->exit_reason = KVM_EXIT_INTR;
  ...
  }
|
  if (run->immediate_exit) {
+ 	run->exit_reason = KVM_EXIT_INTR;
  ...
  }
)
...>
}
