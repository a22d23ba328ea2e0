// SPDX-License-Identifier: GPL-2.0-only
// broken: CPU_ON of a vCPU that has not run yet is ON_PENDING
// rules: SE-PSC-11 SE-PSC-27
// why: the specification has it
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_vcpu_on(...)
{
<...
- ret = PSCI_RET_ALREADY_ON;
+ ret = kvm_test_request(KVM_REQ_VCPU_RESET, vcpu) ? PSCI_RET_ON_PENDING : PSCI_RET_ALREADY_ON;
...>
}
