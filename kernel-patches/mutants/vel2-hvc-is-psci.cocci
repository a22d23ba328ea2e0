// SPDX-License-Identifier: GPL-2.0-only
// broken: HVC of a guest that has EL2 is taken for a PSCI call of the host
// rules: SE-NV-03 SE-NV-04
// why: the block for nested guests is removed
// files: arch/arm64/kvm/handle_exit.c
// kind: wrong
// mode: nested

@@ @@
handle_hvc(...)
{
<...
- vcpu_has_nv(vcpu)
+ 0
...>
}
