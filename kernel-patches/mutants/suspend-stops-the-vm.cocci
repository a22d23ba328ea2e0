// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_SUSPEND stops every vCPU and reports ndata 1
// rules: SE-SUS-02 SE-SUS-05
// why: the helper of the other events is reused
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
- kvm_psci_system_suspend(vcpu);
+ kvm_prepare_system_event(vcpu, KVM_SYSTEM_EVENT_SUSPEND, 0);
...>
}
