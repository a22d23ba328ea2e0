// SPDX-License-Identifier: GPL-2.0-only
// broken: ndata and data[] of a WAKEUP event hold what was there
// rules: SE-WKP-02
// why: the event has no data, so nobody clears them
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_vcpu_suspend(...)
{
<...
- memset(&vcpu->run->system_event, 0, sizeof(vcpu->run->system_event));
...>
}
