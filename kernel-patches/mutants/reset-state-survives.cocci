// SPDX-License-Identifier: GPL-2.0-only
// broken: the entry of an old CPU_ON is used again by the next KVM_ARM_VCPU_INIT
// rules: SE-PSC-19
// why: the state is not marked as used
// files: arch/arm64/kvm/reset.c
// kind: wrong

@@ @@
kvm_reset_vcpu(...)
{
<...
- vcpu->arch.reset_state.reset = false;
...>
}
