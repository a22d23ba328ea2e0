// SPDX-License-Identifier: GPL-2.0-only
// broken: the 32-bit SYSTEM_OFF2 looks at the upper half of its cookie
// rules: SE-OF2-04 SE-FID-06
// why: the narrowing is forgotten for a new function
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
...
switch (psci_fn) {
case PSCI_1_3_FN_SYSTEM_OFF2:
- kvm_psci_narrow_to_32bit(vcpu);
  fallthrough;
}
...
}
