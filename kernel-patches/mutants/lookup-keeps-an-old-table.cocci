// SPDX-License-Identifier: GPL-2.0-only
// broken: the table of MPIDRs is kept when a vCPU is created
// rules: SE-PSC-17
// why: it is thought to be made before the first KVM_RUN
// files: arch/arm64/kvm/arm.c
// kind: wrong
// equivalent: a miss in the table falls back to the search of all vCPUs, so only the speed differs

@@ @@
kvm_arch_vcpu_create(...)
{
<...
- kvm_destroy_mpidr_data(vcpu->kvm);
...>
}
