// SPDX-License-Identifier: GPL-2.0-only
// broken: CPU_OFF of the last vCPU that is on switches the VM off
// rules: SE-PSC-23
// why: it looks like what the guest wants
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_0_2_call(...)
{
<...
  kvm_arm_vcpu_power_off(vcpu);
+ if (atomic_read(&vcpu->kvm->online_vcpus) == 1) {
+ 	kvm_psci_system_off(vcpu);
+ 	ret = 0;
+ }
...>
}
