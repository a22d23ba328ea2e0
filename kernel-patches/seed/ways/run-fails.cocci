// SPDX-License-Identifier: GPL-2.0-only
// Subject: KVM: arm64: Refuse to run a guest that asks for SYSTEM_OFF or SYSTEM_RESET
// files: arch/arm64/kvm/psci.c

@@ identifier f = {kvm_psci_system_off, kvm_psci_system_reset}; identifier v, val, ret; @@
- f(v);
- val = PSCI_RET_INTERNAL_FAILURE;
- ret = 0;
- break;
+ return -EINVAL;
