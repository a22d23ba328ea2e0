// SPDX-License-Identifier: GPL-2.0-only
// broken: the base of the PSCI ids loses its fast-call bit
// rules: SE-HDR-12
// why: a constant is typed anew
// files: include/uapi/linux/psci.h
// kind: header

@@ expression E; @@
- #define PSCI_0_2_FN_BASE E
+ #define PSCI_0_2_FN_BASE 0x04000000
