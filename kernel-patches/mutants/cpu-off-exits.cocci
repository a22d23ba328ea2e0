// SPDX-License-Identifier: GPL-2.0-only
// broken: CPU_OFF leaves KVM_RUN without an exit reason
// rules: SE-PSC-22
// why: it is made alike to SYSTEM_OFF
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_0_2_call(...)
{
<...
  kvm_arm_vcpu_power_off(vcpu);
  val = PSCI_RET_SUCCESS;
+ ret = 0;
...>
}
