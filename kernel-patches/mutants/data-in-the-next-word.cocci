// SPDX-License-Identifier: GPL-2.0-only
// broken: the flags are stored in data[1]
// rules: SE-EVT-03 SE-HDR-06
// why: data[0] is thought to be taken by the type
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_prepare_system_event(...)
{
<...
- vcpu->run->system_event.data[0] = flags;
+ vcpu->run->system_event.data[1] = flags;
...>
}
