// SPDX-License-Identifier: GPL-2.0-only
// broken: an L2 guest can shut the VM down behind the back of its hypervisor
// rules: SE-NV-05
// why: the trap bit is not looked at
// files: arch/arm64/kvm/emulate-nested.c
// kind: wrong
// mode: nested

@@ @@
forward_smc_trap(...)
{
<...
- return forward_hcr_traps(vcpu, HCR_TSC);
+ return false;
...>
}
