// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_OFF2 switches the VM off on a kernel whose PSCI does not have it
// rules: SE-OF2-08 SE-OF2-06
// why: the new function is put into the oldest dispatcher
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_0_2_call(...)
{
<...
  int ret = 1;
+ if (psci_fn == PSCI_0_2_FN(21)) {
+ 	kvm_psci_system_off(vcpu);
+ 	return 0;
+ }
...>
}
