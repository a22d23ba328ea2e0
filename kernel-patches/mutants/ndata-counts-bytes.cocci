// SPDX-License-Identifier: GPL-2.0-only
// broken: ndata is 8, the size of the data and not their number
// rules: SE-EVT-02 SE-HDR-05
// why: a length in bytes is usual elsewhere in the ABI
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_prepare_system_event(...)
{
<...
- vcpu->run->system_event.ndata = 1;
+ vcpu->run->system_event.ndata = sizeof(vcpu->run->system_event.data[0]);
...>
}
