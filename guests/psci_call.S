/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * psci_call - issue one call with the registers the case has set, and report what comes back.
 *
 *   1. one HVC or SMC, by the entry label: hvc, hvc_imm, smc, smc_imm
 *      (_imm: with the immediate 0x1234, which SMCCC reserves)
 *   2. only if the call returns: report slots 0 to 3 = x0 to x3
 *   3. spin
 */
#include "payload.h"

label _start
label hvc
	hvc	#0
label after_hvc
	b	returned

label hvc_imm
	hvc	#0x1234
label after_hvc_imm
	b	returned

label smc
	smc	#0
label after_smc
	b	returned

label smc_imm
	smc	#0x1234
label after_smc_imm
	b	returned

returned:
	report	0, x0
	report	1, x1
	report	2, x2
	report	3, x3
1:	b	1b
