// SPDX-License-Identifier: GPL-2.0-only
// broken: a VM of PSCI 1.2 gets 1.3
// rules: SE-OF2-06 SE-PSC-01 SE-PSC-03
// why: the cases of the dispatcher are merged
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_call(...)
{
<...
- kvm_psci_1_x_call(vcpu, 2)
+ kvm_psci_1_x_call(vcpu, 3)
...>
}
