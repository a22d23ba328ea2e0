// SPDX-License-Identifier: GPL-2.0-only
// broken: the 32-bit CPU_ON uses all 64 bits of its arguments
// rules: SE-PSC-13 SE-FID-06
// why: the narrowing is taken for a formality
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_0_2_call(...)
{
...
switch (psci_fn) {
case PSCI_0_2_FN_CPU_ON:
- kvm_psci_narrow_to_32bit(vcpu);
  fallthrough;
}
...
}
