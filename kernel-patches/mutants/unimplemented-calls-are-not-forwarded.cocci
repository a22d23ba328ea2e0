// SPDX-License-Identifier: GPL-2.0-only
// broken: only calls that KVM implements are forwarded
// rules: SE-FLT-05
// why: what does not exist is thought not to be there to forward
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_smccc_call_handler(...)
{
<...
  action = kvm_smccc_get_action(vcpu, func_id);
+ if (action == KVM_SMCCC_FILTER_FWD_TO_USER && !kvm_smccc_default_allowed(func_id))
+ 	action = KVM_SMCCC_FILTER_DENY;
...>
}
