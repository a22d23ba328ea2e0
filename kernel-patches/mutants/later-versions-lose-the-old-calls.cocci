// SPDX-License-Identifier: GPL-2.0-only
// broken: from PSCI 1.0 on the functions of 0.2 are not supported
// rules: SE-OFF-06
// why: the fall-through of the new dispatcher is lost
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
- return kvm_psci_0_2_call(vcpu);
+ break;
...>
}
