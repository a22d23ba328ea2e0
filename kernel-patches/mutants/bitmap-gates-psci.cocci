// SPDX-License-Identifier: GPL-2.0-only
// broken: clearing the bitmap of standard services switches PSCI off
// rules: SE-VER-10
// why: PSCI is a standard service
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_smccc_call_handler(...)
{
<...
  action = kvm_smccc_get_action(vcpu, func_id);
+ if (ARM_SMCCC_OWNER_NUM(func_id) == ARM_SMCCC_OWNER_STANDARD && !vcpu->kvm->arch.smccc_feat.std_bmap)
+ 	goto out;
...>
}
