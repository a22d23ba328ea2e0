// SPDX-License-Identifier: GPL-2.0-only
// broken: only the caller is asked to sleep
// rules: SE-MPS-03
// why: the request is made with the helper for one vCPU
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_prepare_system_event(...)
{
<...
- kvm_make_all_cpus_request(vcpu->kvm, KVM_REQ_SLEEP);
+ kvm_make_request(KVM_REQ_SLEEP, vcpu);
...>
}
