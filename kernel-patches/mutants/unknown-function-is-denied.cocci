// SPDX-License-Identifier: GPL-2.0-only
// broken: an unknown PSCI function is DENIED
// rules: SE-PSC-27 SE-FID-02
// why: it reads well
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_0_2_call(...)
{
<...
- val = PSCI_RET_NOT_SUPPORTED;
+ val = PSCI_RET_DENIED;
...>
}
