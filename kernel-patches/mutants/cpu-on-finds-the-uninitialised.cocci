// SPDX-License-Identifier: GPL-2.0-only
// broken: CPU_ON finds a vCPU that has not been initialised
// rules: SE-PSC-18
// why: the number of the vCPU is taken for its MPIDR
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_mpidr_to_vcpu(...)
{
<...
- if (mpidr == kvm_vcpu_get_mpidr_aff(vcpu)) return vcpu;
+ if (mpidr == kvm_vcpu_get_mpidr_aff(vcpu) || (!kvm_vcpu_initialized(vcpu) && mpidr == vcpu->vcpu_id))
+ 	return vcpu;
...>
}
