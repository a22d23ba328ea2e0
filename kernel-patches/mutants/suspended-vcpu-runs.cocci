// SPDX-License-Identifier: GPL-2.0-only
// broken: a SUSPENDED vCPU runs
// rules: SE-WKP-01 SE-WKP-03
// why: the request is not made when the state is set
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_arm_vcpu_suspend(...)
{
<...
- kvm_make_request(KVM_REQ_SUSPEND, vcpu);
...>
}
