// SPDX-License-Identifier: GPL-2.0-only
// broken: a vCPU inside the guest is not asked to sleep: it runs on although it is STOPPED
// rules: SE-MPS-03
// why: the state is thought to be enough
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_prepare_system_event(...)
{
<...
- kvm_make_all_cpus_request(vcpu->kvm, KVM_REQ_SLEEP);
...>
}
