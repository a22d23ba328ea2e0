// SPDX-License-Identifier: GPL-2.0-only
// broken: ndata is 17, more than data[] holds
// rules: SE-EVT-02 SE-HDR-05
// why: the bound is taken for the count
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_prepare_system_event(...)
{
<...
- vcpu->run->system_event.ndata = 1;
+ vcpu->run->system_event.ndata = ARRAY_SIZE(vcpu->run->system_event.data) + 1;
...>
}
