// SPDX-License-Identifier: GPL-2.0-only
// broken: after a signal a STOPPED vCPU runs at the next KVM_RUN
// rules: SE-EVT-10
// why: the request is used up by the signal
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_vcpu_sleep(...)
{
<...
- kvm_make_request(KVM_REQ_SLEEP, vcpu);
...>
}
