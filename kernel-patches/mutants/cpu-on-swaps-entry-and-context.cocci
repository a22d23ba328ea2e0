// SPDX-License-Identifier: GPL-2.0-only
// broken: CPU_ON starts the target at the context and gives it the entry
// rules: SE-PSC-10
// why: arguments in the wrong order
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_vcpu_on(...)
{
<...
- reset_state->pc = smccc_get_arg2(source_vcpu);
+ reset_state->pc = smccc_get_arg3(source_vcpu);
...>
}
