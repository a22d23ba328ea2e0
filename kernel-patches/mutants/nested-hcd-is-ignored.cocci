// SPDX-License-Identifier: GPL-2.0-only
// broken: HVC is delivered to virtual EL2 although HCR_EL2.HCD disables it
// rules: SE-NV-06
// why: the bit is thought to be the hardware's
// files: arch/arm64/kvm/handle_exit.c
// kind: wrong
// mode: nested
// equivalent: the bit is RES0 in a VM whose ID_AA64PFR0_EL1 has EL3, which KVM announces unless
//     userspace takes it out, and the value to write for that differs from host to host

@@ @@
handle_hvc(...)
{
<...
- vcpu_read_sys_reg(vcpu, HCR_EL2) & HCR_HCD
+ 0
...>
}
