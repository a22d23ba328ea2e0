// SPDX-License-Identifier: GPL-2.0-only
// broken: a forwarded PSCI call is carried out by KVM as well
// rules: SE-FLT-03
// why: the case falls through
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_smccc_call_handler(...)
{
<...
  kvm_prepare_hypercall_exit(vcpu, func_id);
- return 0;
+ kvm_psci_call(vcpu);
+ kvm_prepare_hypercall_exit(vcpu, func_id);
+ return 0;
...>
}
