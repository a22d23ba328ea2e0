// SPDX-License-Identifier: GPL-2.0-only
// broken: PSCI_1_3_FN_SYSTEM_OFF2 is function 22
// rules: SE-HDR-12
// why: the number of a draft is kept
// files: include/uapi/linux/psci.h
// kind: header

@@ expression E; @@
- #define PSCI_1_3_FN_SYSTEM_OFF2 E
+ #define PSCI_1_3_FN_SYSTEM_OFF2 PSCI_0_2_FN(22)
