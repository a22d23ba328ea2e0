// SPDX-License-Identifier: GPL-2.0-only
// broken: an AArch32 guest can make 64-bit calls
// rules: SE-A32-02
// why: the check is thought to be for the guest to make
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_check_allowed_function(...)
{
<...
- return PSCI_RET_NOT_SUPPORTED;
+ return 0;
...>
}
