// SPDX-License-Identifier: GPL-2.0-only
// broken: more than the exit union is zeroed: kvm_valid_regs and kvm_dirty_regs with it
// rules: SE-EVT-07
// why: a length is written as a number and not kept in step
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_prepare_system_event(...)
{
<...
- sizeof(vcpu->run->system_event)
+ sizeof(vcpu->run->padding) + 16
...>
}
