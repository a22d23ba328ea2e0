// SPDX-License-Identifier: GPL-2.0-only
// broken: every SMC is refused, as in older kernels
// rules: SE-CND-02 SE-SUS-11 SE-FLT-02
// why: a revert goes too far
// files: arch/arm64/kvm/handle_exit.c
// kind: wrong

@@ @@
handle_smc(...)
{
<...
- return kvm_smccc_call_handler(vcpu);
+ vcpu_set_reg(vcpu, 0, ~0UL);
+ return 1;
...>
}
