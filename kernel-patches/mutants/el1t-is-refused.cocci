// SPDX-License-Identifier: GPL-2.0-only
// broken: PSCI from EL1t is UNDEFINED
// rules: SE-EVT-18
// why: kernels are thought to run in EL1h only
// files: arch/arm64/kvm/handle_exit.c
// kind: wrong

@@ @@
handle_hvc(...)
{
<...
- return kvm_smccc_call_handler(vcpu);
+ if ((*vcpu_cpsr(vcpu) & PSR_MODE_MASK) == PSR_MODE_EL1t) {
+ 	kvm_inject_undefined(vcpu);
+ 	return 1;
+ }
+ return kvm_smccc_call_handler(vcpu);
...>
}
