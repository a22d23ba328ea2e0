// SPDX-License-Identifier: GPL-2.0-only
// broken: a service that a bitmap switches off is not forwarded
// rules: SE-FLT-06
// why: the order of the two checks is swapped
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_smccc_get_action(...)
{
<...
+ if (!kvm_smccc_test_fw_bmap(vcpu, func_id) && !kvm_smccc_default_allowed(func_id))
+ 	return KVM_SMCCC_FILTER_DENY;
  if (action != KVM_SMCCC_FILTER_HANDLE) return action;
...>
}
