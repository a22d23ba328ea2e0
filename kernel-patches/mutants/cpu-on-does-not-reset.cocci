// SPDX-License-Identifier: GPL-2.0-only
// broken: CPU_ON leaves the registers of the target alone
// rules: SE-PSC-10
// why: the request is thought to be made by the state
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_vcpu_on(...)
{
<...
- kvm_make_request(KVM_REQ_VCPU_RESET, vcpu);
...>
}
