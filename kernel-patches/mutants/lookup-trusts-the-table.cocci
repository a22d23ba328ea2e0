// SPDX-License-Identifier: GPL-2.0-only
// broken: CPU_ON of an unknown MPIDR starts the vCPU that the table has at that index
// rules: SE-PSC-12 SE-PSC-17
// why: the table is thought to have every MPIDR
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_mpidr_to_vcpu(...)
{
<...
- if (mpidr != kvm_vcpu_get_mpidr_aff(vcpu)) vcpu = NULL;
...>
}
