// SPDX-License-Identifier: GPL-2.0-only
// broken: a woken vCPU enters the guest without telling userspace
// rules: SE-WKP-02
// why: WAKEUP looks like the end of WFI
// files: arch/arm64/kvm/arm.c
// kind: hang

@@ @@
kvm_vcpu_suspend(...)
{
<...
  vcpu->run->exit_reason = KVM_EXIT_SYSTEM_EVENT;
- return 0;
+ return 1;
...>
}
