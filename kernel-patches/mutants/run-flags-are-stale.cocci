// SPDX-License-Identifier: GPL-2.0-only
// broken: run->flags keeps what userspace left there
// rules: SE-EVT-05
// why: it is thought to be x86's
// files: arch/arm64/kvm/arm.c
// kind: wrong

@@ @@
kvm_arch_vcpu_ioctl_run(...)
{
<...
- run->flags = 0;
...>
}
