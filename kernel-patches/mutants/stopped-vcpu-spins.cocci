// SPDX-License-Identifier: GPL-2.0-only
// broken: a STOPPED vCPU does not sleep, it spins in the kernel
// rules: SE-MPS-04 SE-EVT-10
// why: the wait is moved and lost
// files: arch/arm64/kvm/arm.c
// kind: hang

@@ @@
kvm_vcpu_sleep(...)
{
<...
- rcuwait_wait_event(...);
...>
}
