// SPDX-License-Identifier: GPL-2.0-only
// broken: the version that userspace has chosen is ignored
// rules: SE-VER-02 SE-PSC-01
// why: the newest is thought to be compatible
// files: include/kvm/arm_psci.h
// kind: wrong

@@ @@
kvm_psci_version(...)
{
<...
- if (vcpu->kvm->arch.psci_version) return vcpu->kvm->arch.psci_version;
...>
}
