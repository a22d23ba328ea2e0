// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_RUN fails with EINVAL on SYSTEM_OFF
// rules: SE-OFF-01 SE-EVT-01
// why: a PSCI result is taken for an errno
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_0_2_call(...)
{
<...
  kvm_psci_system_off(...);
  val = PSCI_RET_INTERNAL_FAILURE;
- ret = 0;
+ ret = -EINVAL;
...>
}
