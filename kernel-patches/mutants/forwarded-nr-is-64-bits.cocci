// SPDX-License-Identifier: GPL-2.0-only
// broken: hypercall.nr holds all of x0
// rules: SE-FLT-03
// why: the register is copied as it is
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_smccc_call_handler(...)
{
<...
  kvm_prepare_hypercall_exit(vcpu, func_id);
+ vcpu->run->hypercall.nr = vcpu_get_reg(vcpu, 0);
...>
}
