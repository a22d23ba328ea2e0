// SPDX-License-Identifier: GPL-2.0-only
// broken: the whole exit union is zeroed, not just the event
// rules: SE-EVT-04
// why: it looks safer
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_prepare_system_event(...)
{
<...
- sizeof(vcpu->run->system_event)
+ sizeof(vcpu->run->padding)
...>
}
