// SPDX-License-Identifier: GPL-2.0-only
// broken: CPU_ON of a vCPU that is on leaves mp_state_lock taken
// rules: SE-PSC-11
// why: a return replaces the goto
// files: arch/arm64/kvm/psci.c
// kind: hang

@@ @@
kvm_psci_vcpu_on(...)
{
<...
- goto out_unlock;
+ return ret;
...>
}
