// SPDX-License-Identifier: GPL-2.0-only
// KVM_EXIT_SYSTEM_EVENT is gone: nothing sets it, and SYSTEM_OFF and SYSTEM_RESET are functions that KVM does not
// know, as before 2013.
// files: arch/arm64/kvm/psci.c arch/arm64/kvm/arm.c

@@ expression run; @@
- run->exit_reason = KVM_EXIT_SYSTEM_EVENT;

@@ identifier f = {kvm_psci_system_off, kvm_psci_system_reset}; identifier v, val, ret; @@
  f(v);
  val =
- PSCI_RET_INTERNAL_FAILURE
+ PSCI_RET_NOT_SUPPORTED
  ;
- ret = 0;

@@ identifier f = {kvm_prepare_system_event, kvm_psci_system_off, kvm_psci_system_reset}; @@
  f(...)
  {
- ...
  }
