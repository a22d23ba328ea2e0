// SPDX-License-Identifier: GPL-2.0-only
// broken: vCPUs that are created after the first KVM_RUN, or do not fit the table, are not found
// rules: SE-PSC-17
// why: the table is thought to have every vCPU
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ iterator name kvm_for_each_vcpu; @@
kvm_mpidr_to_vcpu(...)
{
<...
- kvm_for_each_vcpu(i, vcpu, kvm) { ... }
  return NULL;
...>
}
