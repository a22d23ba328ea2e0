// SPDX-License-Identifier: GPL-2.0-only
// broken: a signal does not end the sleep of a STOPPED vCPU
// rules: SE-MPS-04 SE-EVT-10
// why: the other kind of sleep is thought to be safer
// files: arch/arm64/kvm/arm.c
// kind: hang

@@ @@
kvm_vcpu_sleep(...)
{
<...
- TASK_INTERRUPTIBLE
+ TASK_UNINTERRUPTIBLE
...>
}
