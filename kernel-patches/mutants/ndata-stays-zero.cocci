// SPDX-License-Identifier: GPL-2.0-only
// broken: ndata is left 0, so a VMM ignores the flags
// rules: SE-EVT-02
// why: the older layout had no ndata, and a backport forgets it
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_prepare_system_event(...)
{
<...
- vcpu->run->system_event.ndata = 1;
...>
}
