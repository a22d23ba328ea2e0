// SPDX-License-Identifier: GPL-2.0-only
// broken: a forwarded call goes back to the guest
// rules: SE-FLT-03
// why: 1 for 0
// files: arch/arm64/kvm/hypercalls.c
// kind: hang

@@ @@
kvm_smccc_call_handler(...)
{
<...
  kvm_prepare_hypercall_exit(vcpu, func_id);
- return 0;
+ return 1;
...>
}
