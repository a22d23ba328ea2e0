// SPDX-License-Identifier: GPL-2.0-only
// Subject: KVM: arm64: Stop the guest for SYSTEM_OFF and SYSTEM_RESET and stay in it
// files: arch/arm64/kvm/psci.c

@@ identifier f = {kvm_psci_system_off, kvm_psci_system_reset}; identifier v, val, ret; @@
  f(v);
  val = PSCI_RET_INTERNAL_FAILURE;
- ret = 0;
