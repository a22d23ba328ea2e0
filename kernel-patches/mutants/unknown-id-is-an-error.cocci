// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_RUN fails with EINVAL on an unknown id
// rules: SE-FID-02
// why: an unknown call is taken for userspace's fault
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_smccc_call_handler(...)
{
<...
  action = kvm_smccc_get_action(vcpu, func_id);
+ if (action == KVM_SMCCC_FILTER_DENY)
+ 	return -EINVAL;
...>
}
