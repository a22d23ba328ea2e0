/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * a32_call - psci_call for an AArch32 guest: one call with the registers the case has set.
 *
 *   1. one HVC or SMC in the A32 instruction set, by the entry label: hvc, smc
 *   2. only if the call returns: report slots 0 to 3 = r0 to r3, as 32-bit stores; clobbers r9
 *   3. spin
 *
 * The words are A32 encodings: the assembler for AArch64 has no names for them.
 */
#include "payload.h"

	.globl	_start
_start:
label hvc
	.word	0xe1400070	/* hvc	#0 */
label after_hvc
	.word	0xea000001	/* b	returned */

label smc
	.word	0xe1600070	/* smc	#0 */
label after_smc
	.word	0xeaffffff	/* b	returned */

returned:
	.word	0xe3009000	/* movw	r9, #0x0000, the low half of EXIT24_REPORT_BASE */
	.word	0xe3409900	/* movt	r9, #0x0900, the high half */
	.word	0xe5890000	/* str	r0, [r9] */
	.word	0xe5891008	/* str	r1, [r9, #8] */
	.word	0xe5892010	/* str	r2, [r9, #16] */
	.word	0xe5893018	/* str	r3, [r9, #24] */
	.word	0xeafffffe	/* b	. */
