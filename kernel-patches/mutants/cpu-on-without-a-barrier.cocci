// SPDX-License-Identifier: GPL-2.0-only
// broken: RUNNABLE may be seen before the reset request
// rules: SE-PSC-10
// why: the barrier is thought to be in the lock
// files: arch/arm64/kvm/psci.c
// kind: race
// equivalent: the lab has one processor, which sees its own stores in order; it needs weakly
//     ordered hardware

@@ @@
kvm_psci_vcpu_on(...)
{
<...
- smp_wmb();
...>
}
