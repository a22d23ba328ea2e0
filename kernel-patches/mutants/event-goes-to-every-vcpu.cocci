// SPDX-License-Identifier: GPL-2.0-only
// broken: every vCPU gets the event in its kvm_run page
// rules: SE-EVT-12
// why: it looks like the way to tell all threads
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ iterator name kvm_for_each_vcpu; @@
kvm_prepare_system_event(...)
{
<...
  kvm_make_all_cpus_request(...);
+ kvm_for_each_vcpu(i, tmp, vcpu->kvm) {
+ 	tmp->run->exit_reason = KVM_EXIT_SYSTEM_EVENT;
+ }
...>
}
