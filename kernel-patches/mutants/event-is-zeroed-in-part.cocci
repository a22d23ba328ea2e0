// SPDX-License-Identifier: GPL-2.0-only
// broken: only the first eight bytes of the event are zeroed
// rules: SE-EVT-03
// why: sizeof is taken of a pointer
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_prepare_system_event(...)
{
<...
- sizeof(vcpu->run->system_event)
+ sizeof(&vcpu->run->system_event)
...>
}
