// SPDX-License-Identifier: GPL-2.0-only
// broken: the mask of KVM_SET_SIGNAL_MASK is not used during KVM_RUN
// rules: SE-SIG-03 SE-SIG-04
// why: the pair of calls is moved and one is lost
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_arch_vcpu_ioctl_run(...)
{
<...
- kvm_sigset_activate(vcpu);
...>
}
