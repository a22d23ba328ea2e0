// SPDX-License-Identifier: GPL-2.0-only
// broken: after an SMC the guest executes it again
// rules: SE-CND-02 SE-EVT-08 SE-SUS-11 SE-CND-03
// why: HVC needs no step, and the two are made alike
// files: arch/arm64/kvm/handle_exit.c
// kind: hang

@@ @@
handle_smc(...)
{
<...
- kvm_incr_pc(vcpu);
...>
}
