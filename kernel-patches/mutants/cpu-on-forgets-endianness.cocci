// SPDX-License-Identifier: GPL-2.0-only
// broken: the target does not get the endianness of the caller
// rules: SE-PSC-15
// why: nobody tests big-endian guests
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_vcpu_on(...)
{
<...
- reset_state->be = kvm_vcpu_is_be(source_vcpu);
+ reset_state->be = false;
...>
}
