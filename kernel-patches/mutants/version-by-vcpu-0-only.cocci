// SPDX-License-Identifier: GPL-2.0-only
// broken: only vCPU 0 can set the version
// rules: SE-VER-03
// why: a register of the VM is thought to be its boot processor's
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ expression E; @@
kvm_arm_set_fw_reg(...)
{
<...
  wants_02 = E;
+ if (vcpu->vcpu_idx)
+ 	return 0;
...>
}
