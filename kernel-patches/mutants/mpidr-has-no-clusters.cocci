// SPDX-License-Identifier: GPL-2.0-only
// broken: vCPU ids from 16 on share MPIDRs with lower ones
// rules: SE-PSC-17
// why: a shift is off by four
// files: arch/arm64/kvm/sys_regs.h arch/arm64/kvm/sys_regs.c
// kind: wrong

@@ @@
kvm_calculate_mpidr(...)
{
<...
- vcpu->vcpu_id >> 4
+ vcpu->vcpu_id >> 8
...>
}

@@ @@
reset_mpidr(...)
{
<...
- vcpu->vcpu_id >> 4
+ vcpu->vcpu_id >> 8
...>
}
