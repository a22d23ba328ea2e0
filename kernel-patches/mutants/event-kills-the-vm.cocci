// SPDX-License-Identifier: GPL-2.0-only
// broken: the VM is marked dead by the event: every later ioctl fails
// rules: SE-EVT-15 SE-RST-03 SE-MPS-10
// why: a VM that is off is thought to be of no use
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_prepare_system_event(...)
{
<...
  kvm_make_all_cpus_request(...);
+ vcpu->kvm->vm_dead = true;
...>
}
