// SPDX-License-Identifier: GPL-2.0-only
// Subject: KVM: arm64: Fill in system events and forget the exit reason
// files: arch/arm64/kvm/psci.c

@@ expression run; @@
  kvm_prepare_system_event(...)
  {
  ...
- run->exit_reason = KVM_EXIT_SYSTEM_EVENT;
  }
