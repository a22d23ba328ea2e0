// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_OFF2 goes back to the guest loop: KVM_RUN never returns
// rules: SE-OF2-01 SE-EVT-01
// why: ret = 0 is lost in one case of the switch
// files: arch/arm64/kvm/psci.c
// kind: hang

@@ @@
kvm_psci_1_x_call(...)
{
<...
  kvm_psci_system_off2(vcpu);
  val = PSCI_RET_INTERNAL_FAILURE;
- ret = 0;
...>
}
