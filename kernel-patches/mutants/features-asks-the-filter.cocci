// SPDX-License-Identifier: GPL-2.0-only
// broken: PSCI_FEATURES does not list what the filter denies
// rules: SE-PSC-05
// why: it looks more truthful
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_smccc_call_handler(...)
{
<...
  action = kvm_smccc_get_action(vcpu, func_id);
+ if (func_id == 0x8400000a && kvm_smccc_get_action(vcpu, smccc_get_arg1(vcpu)) == KVM_SMCCC_FILTER_DENY)
+ 	goto out;
...>
}
