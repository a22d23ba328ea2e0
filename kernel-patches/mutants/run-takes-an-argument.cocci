// SPDX-License-Identifier: GPL-2.0-only
// broken: KVM_RUN takes any argument
// rules: SE-ERR-02
// why: it is not used anyway
// files: virt/kvm/kvm_main.c
// kind: wrong

@@ @@
kvm_vcpu_ioctl(...)
{
<...
- if (arg)
+ if (0)
  goto out;
...>
}
