// SPDX-License-Identifier: GPL-2.0-only
// broken: PSCI 0.2 is served by the dispatcher of 1.x: FEATURES and SYSTEM_SUSPEND appear
// rules: SE-SUS-08 SE-PSC-01 SE-PSC-02
// why: the dispatchers are merged
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_call(...)
{
<...
- return kvm_psci_0_2_call(vcpu);
+ return kvm_psci_1_x_call(vcpu, 0);
...>
}
