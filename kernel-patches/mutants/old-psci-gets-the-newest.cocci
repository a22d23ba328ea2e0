// SPDX-License-Identifier: GPL-2.0-only
// broken: a vCPU without KVM_ARM_VCPU_PSCI_0_2 gets the newest PSCI
// rules: SE-OFF-07 SE-VER-06 SE-INI-01
// why: the default is taken for every vCPU
// files: include/kvm/arm_psci.h
// kind: wrong

@@ @@
kvm_psci_version(...)
{
<...
- return KVM_ARM_PSCI_0_1;
+ return KVM_ARM_PSCI_LATEST;
...>
}
