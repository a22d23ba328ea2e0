// SPDX-License-Identifier: GPL-2.0-only
// broken: HVC is delivered to virtual EL2 although HCR_EL2.HCD disables it
// rules: SE-NV-06
// why: the bit is thought to be the hardware's
// files: arch/arm64/kvm/handle_exit.c
// kind: wrong
// mode: nested

@@ @@
handle_hvc(...)
{
<...
- vcpu_read_sys_reg(vcpu, HCR_EL2) & HCR_HCD
+ 0
...>
}
