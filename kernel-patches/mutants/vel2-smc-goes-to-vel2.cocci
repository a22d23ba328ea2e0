// SPDX-License-Identifier: GPL-2.0-only
// broken: SMC of a guest hypervisor is given to itself, so it cannot power off
// rules: SE-NV-02
// why: it is made alike to HVC
// files: arch/arm64/kvm/handle_exit.c
// kind: wrong
// mode: nested

@@ @@
handle_smc(...)
{
<...
- forward_smc_trap(vcpu)
+ vcpu_has_nv(vcpu) && kvm_inject_nested_sync(vcpu, kvm_vcpu_get_esr(vcpu))
...>
}
