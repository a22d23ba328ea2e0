// SPDX-License-Identifier: GPL-2.0-only
// broken: the ids of PSCI 0.2 work in a VM of 0.1
// rules: SE-INI-01 SE-OFF-07
// why: the dispatchers are merged
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_call(...)
{
<...
- return kvm_psci_0_1_call(vcpu);
+ return psci_fn >= KVM_PSCI_FN(0) && psci_fn <= KVM_PSCI_FN(3) ? kvm_psci_0_1_call(vcpu) : kvm_psci_0_2_call(vcpu);
...>
}
