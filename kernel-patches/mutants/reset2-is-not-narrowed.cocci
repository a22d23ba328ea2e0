// SPDX-License-Identifier: GPL-2.0-only
// broken: the 32-bit SYSTEM_RESET2 leaves the upper halves of its arguments
// rules: SE-RS2-05 SE-FID-06
// why: the narrowing is forgotten for a new function
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
...
switch (psci_fn) {
case PSCI_1_1_FN_SYSTEM_RESET2:
- kvm_psci_narrow_to_32bit(vcpu);
  fallthrough;
}
...
}
