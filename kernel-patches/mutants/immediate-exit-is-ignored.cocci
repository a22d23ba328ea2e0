// SPDX-License-Identifier: GPL-2.0-only
// broken: immediate_exit does not keep the vCPU out of the guest
// rules: SE-SIG-01 SE-SIG-02
// why: the flag is read after it was cleared
// files: virt/kvm/kvm_main.c
// kind: wrong

@@ @@
kvm_vcpu_ioctl(...)
{
<...
- vcpu->wants_to_run = !READ_ONCE(vcpu->run->immediate_exit__unsafe);
+ vcpu->wants_to_run = true;
...>
}
