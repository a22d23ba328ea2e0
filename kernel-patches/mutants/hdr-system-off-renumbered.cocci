// SPDX-License-Identifier: GPL-2.0-only
// broken: PSCI_0_2_FN_SYSTEM_OFF is function 7
// rules: SE-HDR-12
// why: a list is renumbered
// files: include/uapi/linux/psci.h
// kind: header

@@ expression E; @@
- #define PSCI_0_2_FN_SYSTEM_OFF E
+ #define PSCI_0_2_FN_SYSTEM_OFF PSCI_0_2_FN(7)
