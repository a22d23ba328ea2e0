// SPDX-License-Identifier: GPL-2.0-only
// broken: a SUSPENDED vCPU does not sleep, it spins in the kernel
// rules: SE-WKP-01
// why: the wait is moved and lost
// files: arch/arm64/kvm/arm.c
// kind: hang

@@ @@
kvm_vcpu_suspend(...)
{
<...
- kvm_vcpu_wfi(vcpu);
...>
}
