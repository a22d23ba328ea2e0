// SPDX-License-Identifier: GPL-2.0-only
// broken: the default version is 1.0
// rules: SE-VER-01
// why: a new default is not set in the right place
// files: include/kvm/arm_psci.h
// kind: wrong

@@ @@
kvm_psci_version(...)
{
<...
- return KVM_ARM_PSCI_LATEST;
+ return KVM_ARM_PSCI_1_0;
...>
}
