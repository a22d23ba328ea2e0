// SPDX-License-Identifier: GPL-2.0-only
// broken: the exit reason is KVM_EXIT_SHUTDOWN, which x86 uses for a triple fault
// rules: SE-EVT-01 SE-HDR-01
// why: the name fits
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_prepare_system_event(...)
{
<...
- KVM_EXIT_SYSTEM_EVENT
+ KVM_EXIT_SHUTDOWN
...>
}
