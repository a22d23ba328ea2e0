// SPDX-License-Identifier: GPL-2.0-only
// broken: a vCPU that userspace or CPU_OFF stops does not sleep
// rules: SE-MPS-01 SE-INI-05
// why: the state is thought to be enough
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
__kvm_arm_vcpu_power_off(...)
{
<...
- kvm_make_request(KVM_REQ_SLEEP, vcpu);
...>
}
