// SPDX-License-Identifier: GPL-2.0-only
// broken: a signal is reported as WAKEUP
// rules: SE-WKP-01 SE-WKP-04
// why: the test whether there is a wake event is thought to be redundant
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_vcpu_suspend(...)
{
<...
- if (kvm_arch_vcpu_runnable(vcpu))
+ if (1)
  { ... }
...>
}
