// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_RESET2 stops the VM and then refuses the type
// rules: SE-RS2-03
// why: the event is prepared before the arguments are checked
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
  arg = smccc_get_arg1(vcpu);
+ if (psci_fn == PSCI_1_1_FN_SYSTEM_RESET2 || psci_fn == PSCI_1_1_FN64_SYSTEM_RESET2)
+ 	kvm_psci_system_reset2(vcpu);
  if (<+... PSCI_1_1_RESET_TYPE_VENDOR_START ...+>) { ... }
...>
}
