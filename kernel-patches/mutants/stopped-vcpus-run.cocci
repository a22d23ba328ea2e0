// SPDX-License-Identifier: GPL-2.0-only
// broken: a STOPPED vCPU is let into the guest
// rules: SE-MPS-03 SE-EVT-10 SE-MPS-06
// why: the test for "paused" replaces the test for "stopped"
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
vcpu_can_run(...)
{
<...
- !kvm_arm_vcpu_stopped(vcpu)
+ 1
...>
}
