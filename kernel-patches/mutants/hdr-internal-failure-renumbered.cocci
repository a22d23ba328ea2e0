// SPDX-License-Identifier: GPL-2.0-only
// broken: PSCI_RET_INTERNAL_FAILURE is -5
// rules: SE-HDR-12
// why: two numbers are confused
// files: include/uapi/linux/psci.h
// kind: header

@@ expression E; @@
- #define PSCI_RET_INTERNAL_FAILURE E
+ #define PSCI_RET_INTERNAL_FAILURE -5
