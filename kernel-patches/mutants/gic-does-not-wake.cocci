// SPDX-License-Identifier: GPL-2.0-only
// broken: a pending interrupt of an in-kernel GIC does not wake a SUSPENDED vCPU
// rules: SE-WKP-07
// why: only the interrupt lines of userspace are looked at
// files: arch/arm64/kvm/arm.c
// kind: hang

@@ @@
kvm_arch_vcpu_runnable(...)
{
<...
- kvm_vgic_vcpu_pending_irq(v)
+ 0
...>
}
