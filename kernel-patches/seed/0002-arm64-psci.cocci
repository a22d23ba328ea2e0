// SPDX-License-Identifier: GPL-2.0-only
// Subject: [PATCH 2/2] KVM: arm64: Leave SYSTEM_OFF and SYSTEM_RESET to userspace
// All vCPUs stop and userspace is told what the guest wants; the wake-up and the suspension of a guest are
// told in the same way.
// files: arch/arm64/kvm/psci.c arch/arm64/kvm/arm.c

@@ iterator name kvm_for_each_vcpu; identifier vcpu, type, flags; @@
kvm_prepare_system_event(struct kvm_vcpu *vcpu, u32 type, u64 flags)
{
+	struct kvm_run *run = vcpu->run;
+	struct kvm_vcpu *each;
+	unsigned long n;
+
+	kvm_for_each_vcpu(n, each, vcpu->kvm) {
+		spin_lock(&each->arch.mp_state_lock);
+		WRITE_ONCE(each->arch.mp_state.mp_state, KVM_MP_STATE_STOPPED);
+		spin_unlock(&each->arch.mp_state_lock);
+	}
+	kvm_make_all_cpus_request(vcpu->kvm, KVM_REQ_SLEEP);
+
+	memset(&run->system_event, 0, sizeof(run->system_event));
+	run->system_event.type = type;
+	run->system_event.ndata = 1;
+	run->system_event.data[0] = flags;
+	run->exit_reason = KVM_EXIT_SYSTEM_EVENT;
}

@@ identifier vcpu; @@
kvm_psci_system_off(struct kvm_vcpu *vcpu)
{
+	kvm_prepare_system_event(vcpu, KVM_SYSTEM_EVENT_SHUTDOWN, 0);
}

@@ identifier vcpu; @@
kvm_psci_system_reset(struct kvm_vcpu *vcpu)
{
+	kvm_prepare_system_event(vcpu, KVM_SYSTEM_EVENT_RESET, 0);
}

@@ identifier f = {kvm_psci_system_off, kvm_psci_system_reset}; identifier v, val; @@
  f(v);
  val =
- PSCI_RET_NOT_SUPPORTED
+ PSCI_RET_INTERNAL_FAILURE
  ;
+ ret = 0;

@@ expression run; identifier what = {KVM_SYSTEM_EVENT_WAKEUP, KVM_SYSTEM_EVENT_SUSPEND}; @@
  run->system_event.type = what;
+ run->exit_reason = KVM_EXIT_SYSTEM_EVENT;
