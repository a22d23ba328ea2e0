// SPDX-License-Identifier: GPL-2.0-only
// broken: AFFINITY_INFO says OFF if any vCPU is off
// rules: SE-PSC-20
// why: a condition is inverted
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_vcpu_affinity_info(...)
{
<...
- !kvm_arm_vcpu_stopped(tmp)
+ kvm_arm_vcpu_stopped(tmp)
...>
}
