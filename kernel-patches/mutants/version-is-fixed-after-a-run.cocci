// SPDX-License-Identifier: GPL-2.0-only
// broken: the version cannot be changed once a vCPU has run
// rules: SE-VER-04
// why: the bitmaps do so
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ expression E; @@
kvm_arm_set_fw_reg(...)
{
<...
  wants_02 = E;
+ if (vcpu_has_run_once(vcpu))
+ 	return -EBUSY;
...>
}
