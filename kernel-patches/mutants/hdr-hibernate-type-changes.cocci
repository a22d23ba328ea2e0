// SPDX-License-Identifier: GPL-2.0-only
// broken: PSCI_1_3_OFF_TYPE_HIBERNATE_OFF is 2
// rules: SE-HDR-16 SE-HDR-12
// why: a bit number is taken for a mask
// files: include/uapi/linux/psci.h
// kind: header

@@ expression E; @@
- #define PSCI_1_3_OFF_TYPE_HIBERNATE_OFF E
+ #define PSCI_1_3_OFF_TYPE_HIBERNATE_OFF 2
