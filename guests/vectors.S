/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vectors - make one call that may be an exception instead, and report which.
 *
 *   1. the label vectors is a vector table: a case puts it into vbar_el1 or vbar_el2
 *   2. one HVC or SMC, by the entry label: hvc, smc
 *   3. if the call returns: report slots 0 to 3 = x0 to x3, and spin
 *   4. if an exception is taken: report slot 4 = the offset of its vector, slot 5 = ESR, slot 6 = ELR of the
 *      level it was taken to, and spin
 */
#include "payload.h"

.macro vector offset
	.balign	0x80
	movz	x18, #\offset
	b	taken
.endm

	.globl	_start
_start:
label vectors
	vector	0x000
	vector	0x080
	vector	0x100
	vector	0x180
	vector	0x200
	vector	0x280
	vector	0x300
	vector	0x380
	vector	0x400
	vector	0x480
	vector	0x500
	vector	0x580
	vector	0x600
	vector	0x680
	vector	0x700
	vector	0x780

taken:
	mrs	x16, CurrentEL
	cmp	x16, #(2 << 2)
	b.eq	2f
	mrs	x19, esr_el1
	mrs	x20, elr_el1
	b	3f
2:	mrs	x19, esr_el2
	mrs	x20, elr_el2
3:	report	4, x18
	report	5, x19
	report	6, x20
4:	b	4b

label hvc
	hvc	#0
label after_hvc
	b	returned

label smc
	smc	#0
label after_smc
	b	returned

returned:
	report	0, x0
	report	1, x1
	report	2, x2
	report	3, x3
5:	b	5b
