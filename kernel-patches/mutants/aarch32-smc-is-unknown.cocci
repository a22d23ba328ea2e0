// SPDX-License-Identifier: GPL-2.0-only
// broken: SMC from AArch32 is not handled
// rules: SE-A32-03
// why: a line of the table is lost in a merge
// files: arch/arm64/kvm/handle_exit.c
// kind: wrong

@@ @@
kvm_get_exit_handler(...)
{
  ...
- return arm_exit_handlers[esr_ec];
+ return esr_ec == ESR_ELx_EC_SMC32 ? kvm_handle_unknown_ec : arm_exit_handlers[esr_ec];
}
