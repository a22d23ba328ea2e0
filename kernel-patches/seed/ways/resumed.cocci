// SPDX-License-Identifier: GPL-2.0-only
// Subject: KVM: arm64: Take SYSTEM_OFF and SYSTEM_RESET for functions that are not there
// files: arch/arm64/kvm/psci.c

@@ identifier f = {kvm_psci_system_off, kvm_psci_system_reset}; identifier v, val, ret; @@
- f(v);
  val =
- PSCI_RET_INTERNAL_FAILURE
+ PSCI_RET_NOT_SUPPORTED
  ;
- ret = 0;
