// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_OFF2 with a cookie is accepted
// rules: SE-OF2-04
// why: "must be zero" is left to the guest
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_1_x_call(...)
{
<...
- smccc_get_arg2(vcpu) != 0
+ 0
...>
}
