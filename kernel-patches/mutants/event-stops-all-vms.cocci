// SPDX-License-Identifier: GPL-2.0-only
// broken: the vCPUs of every VM are stopped
// rules: SE-EVT-14
// why: the loop over VMs is copied from a debug helper
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ iterator name kvm_for_each_vcpu, list_for_each_entry; @@
kvm_prepare_system_event(...)
{
<...
  kvm_make_all_cpus_request(...);
+ {
+ 	struct kvm *other;
+
+ 	list_for_each_entry(other, &vm_list, vm_list) {
+ 		kvm_for_each_vcpu(i, tmp, other) {
+ 			WRITE_ONCE(tmp->arch.mp_state.mp_state, KVM_MP_STATE_STOPPED);
+ 		}
+ 	}
+ }
...>
}
