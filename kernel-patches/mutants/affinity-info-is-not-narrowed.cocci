// SPDX-License-Identifier: GPL-2.0-only
// broken: the 32-bit AFFINITY_INFO uses all 64 bits of its arguments
// rules: SE-PSC-21 SE-FID-06
// why: the narrowing is taken for a formality
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_0_2_call(...)
{
...
switch (psci_fn) {
case PSCI_0_2_FN_AFFINITY_INFO:
- kvm_psci_narrow_to_32bit(vcpu);
  fallthrough;
}
...
}
