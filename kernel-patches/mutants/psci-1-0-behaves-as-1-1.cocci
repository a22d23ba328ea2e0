// SPDX-License-Identifier: GPL-2.0-only
// broken: a VM of PSCI 1.0 gets 1.1
// rules: SE-RS2-08 SE-PSC-01 SE-PSC-03
// why: the cases of the dispatcher are merged
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_call(...)
{
<...
- kvm_psci_1_x_call(vcpu, 0)
+ kvm_psci_1_x_call(vcpu, 1)
...>
}
