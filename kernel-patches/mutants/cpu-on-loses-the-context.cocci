// SPDX-License-Identifier: GPL-2.0-only
// broken: CPU_ON does not set x0 of the target
// rules: SE-PSC-10
// why: the argument is thought to be optional
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_vcpu_on(...)
{
<...
- reset_state->r0 = smccc_get_arg3(source_vcpu);
+ reset_state->r0 = 0;
...>
}
