// SPDX-License-Identifier: GPL-2.0-only
// broken: CPU_SUSPEND returns at once
// rules: SE-PSC-24
// why: a spurious wakeup is allowed
// files: arch/arm64/kvm/psci.c
// kind: wrong

@@ @@
kvm_psci_vcpu_suspend(...)
{
<...
(
- kvm_vcpu_wfi(vcpu);
|
- kvm_vcpu_halt(vcpu);
)
...>
}
