// SPDX-License-Identifier: GPL-2.0-only
// broken: SYSTEM_OFF injects an UNDEFINED exception, as in 2013
// rules: SE-OFF-01
// why: the answer to unknown calls of old kernels comes back
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_0_2_call(...)
{
<...
- kvm_psci_system_off(vcpu);
+ kvm_inject_undefined(vcpu);
+ return 1;
...>
}
