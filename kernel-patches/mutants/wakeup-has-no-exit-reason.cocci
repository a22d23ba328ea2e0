// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_RUN returns with KVM_EXIT_UNKNOWN when a SUSPENDED vCPU is woken
// rules: SE-WKP-02
// why: the assignment is lost
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_vcpu_suspend(...)
{
<...
- vcpu->run->exit_reason = KVM_EXIT_SYSTEM_EVENT;
...>
}
