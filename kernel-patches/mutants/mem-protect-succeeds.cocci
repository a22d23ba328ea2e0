// SPDX-License-Identifier: GPL-2.0-only
// broken: MEM_PROTECT is SUCCESS
// rules: SE-PSC-26
// why: a stub without a meaning is added
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_0_2_call(...)
{
<...
  int ret = 1;
+ if (psci_fn == PSCI_0_2_FN(19)) {
+ 	smccc_set_retval(vcpu, PSCI_RET_SUCCESS, 0, 0, 0);
+ 	return 1;
+ }
...>
}
