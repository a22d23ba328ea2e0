// SPDX-License-Identifier: GPL-2.0-only
// broken: every vCPU is reset when it is stopped
// rules: SE-MPS-05 SE-RST-02 SE-EVT-09
// why: a reset is thought to be due anyway
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_prepare_system_event(...)
{
<...
- kvm_make_all_cpus_request(vcpu->kvm, KVM_REQ_SLEEP);
+ kvm_make_all_cpus_request(vcpu->kvm, KVM_REQ_SLEEP);
+ kvm_make_all_cpus_request(vcpu->kvm, KVM_REQ_VCPU_RESET);
...>
}
