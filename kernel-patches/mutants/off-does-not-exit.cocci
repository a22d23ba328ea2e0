// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_OFF goes back to the guest loop: KVM_RUN never returns
// rules: SE-EVT-01 SE-OFF-01
// why: ret = 0 is lost in one case of the switch
// files: arch/arm64/kvm/psci.c
// kind: hang

@@ @@
kvm_psci_0_2_call(...)
{
<...
  kvm_psci_system_off(...);
  val = PSCI_RET_INTERNAL_FAILURE;
- ret = 0;
...>
}
