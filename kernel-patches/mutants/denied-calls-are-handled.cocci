// SPDX-License-Identifier: GPL-2.0-only
// broken: a denied call is handled
// rules: SE-FLT-02
// why: the case falls through
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_smccc_call_handler(...)
{
<...
  action = kvm_smccc_get_action(vcpu, func_id);
+ if (kvm_smccc_filter_get_action(vcpu->kvm, func_id) == KVM_SMCCC_FILTER_DENY)
+ 	action = KVM_SMCCC_FILTER_HANDLE;
...>
}
