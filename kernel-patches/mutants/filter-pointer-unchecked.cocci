// SPDX-License-Identifier: GPL-2.0-only
// broken: an unreadable filter is EINVAL and not EFAULT
// rules: SE-FLT-08
// why: one error looks as good as the other
// files: arch/arm64/kvm/hypercalls.c
// kind: wrong

@@ @@
kvm_smccc_set_filter(...)
{
<...
  if (copy_from_user(&filter, uaddr, sizeof(filter)))
- 	return -EFAULT;
+ 	return -EINVAL;
...>
}
