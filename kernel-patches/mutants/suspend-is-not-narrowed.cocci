// SPDX-License-Identifier: GPL-2.0-only
// broken: the 32-bit SYSTEM_SUSPEND leaves the upper halves of its arguments
// rules: SE-SUS-04 SE-FID-06
// why: the narrowing is forgotten for a new function
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
...
switch (psci_fn) {
case PSCI_1_0_FN_SYSTEM_SUSPEND:
- kvm_psci_narrow_to_32bit(vcpu);
  fallthrough;
}
...
}
