/* SPDX-License-Identifier: GPL-2.0-only */
/* PSCI function ids (Arm DEN0022, SYSTEM_OFF and SYSTEM_RESET), as frozen numbers. */
#ifndef EXIT24_PSCI_H
#define EXIT24_PSCI_H

#define PSCI_0_2_FN_SYSTEM_OFF 0x84000008
#define PSCI_0_2_FN_SYSTEM_RESET 0x84000009

#endif
