// SPDX-License-Identifier: GPL-2.0-only
// broken: after one WAKEUP or signal a SUSPENDED vCPU runs on
// rules: SE-WKP-03 SE-WKP-01
// why: the request is not made again
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_vcpu_suspend(...)
{
<...
- kvm_make_request(KVM_REQ_SUSPEND, vcpu);
...>
}
