// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM writes a result before it forwards the call
// rules: SE-FLT-03 SE-FLT-04
// why: an answer is prepared in case userspace has none
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_smccc_call_handler(...)
{
<...
  kvm_prepare_hypercall_exit(vcpu, func_id);
+ smccc_set_retval(vcpu, SMCCC_RET_NOT_SUPPORTED, 0, 0, 0);
...>
}
