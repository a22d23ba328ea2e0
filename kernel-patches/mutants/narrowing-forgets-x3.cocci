// SPDX-License-Identifier: GPL-2.0-only
// broken: x3, the context of CPU_ON, is not narrowed
// rules: SE-PSC-13 SE-FID-06
// why: the bound of the loop is off by one
// files: include/kvm/arm_psci.h arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_narrow_to_32bit(...)
{
<...
- i < 4
+ i < 3
...>
}
