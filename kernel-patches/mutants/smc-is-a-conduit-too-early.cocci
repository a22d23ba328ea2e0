// SPDX-License-Identifier: GPL-2.0-only
// broken: SMC reaches PSCI in a kernel that refuses it
// rules: SE-CND-03 SE-CND-05 SE-A32-03
// why: half of the series that allows it is backported
// files: arch/arm64/kvm/handle_exit.c
// kind: wrong

@@ @@
handle_smc(...)
{
<...
(
- vcpu_set_reg(vcpu, 0, ~0UL);
+ kvm_smccc_call_handler(vcpu);
  kvm_incr_pc(vcpu);
|
- vcpu_set_reg(vcpu, 0, ~0UL);
+ kvm_smccc_call_handler(vcpu);
)
...>
}
