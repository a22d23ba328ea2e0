// SPDX-License-Identifier: GPL-2.0-only
// broken: HVC with a non-zero immediate is not filtered
// rules: SE-FLT-12
// why: SMC does so
// files: arch/arm64/kvm/handle_exit.c
// kind: wrong

@@ @@
handle_hvc(...)
{
<...
- return kvm_smccc_call_handler(vcpu);
+ if (kvm_vcpu_hvc_get_imm(vcpu)) {
+ 	extern int kvm_psci_call(struct kvm_vcpu *vcpu);
+
+ 	return kvm_psci_call(vcpu);
+ }
+ return kvm_smccc_call_handler(vcpu);
...>
}
