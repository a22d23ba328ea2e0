// SPDX-License-Identifier: GPL-2.0-only
// broken: the 64-bit form of every function is taken
// rules: SE-OFF-04 SE-FID-05
// why: the width bit is masked off before the switch
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_0_2_call(...)
{
<...
- smccc_get_function(vcpu)
+ smccc_get_function(vcpu) & ~PSCI_0_2_64BIT
...>
}
