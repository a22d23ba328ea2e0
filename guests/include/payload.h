/* SPDX-License-Identifier: GPL-2.0-only */
/* Macros for payloads; see contract.h for what they may do. */
#ifndef EXIT24_PAYLOAD_H
#define EXIT24_PAYLOAD_H

#include "contract.h"

/* mov32 reg, value: a 32-bit constant; the upper half of the register becomes zero. */
.macro mov32 reg, value
	movz	\reg, #((\value) & 0xffff)
	movk	\reg, #(((\value) >> 16) & 0xffff), lsl #16
.endm

/* report slot, reg: hand one 64-bit value to the host; clobbers x17. */
.macro report slot, reg
	mov32	w17, (EXIT24_REPORT_BASE + 8 * \slot)
	str	\reg, [x17]
.endm

/* label name: a place that a case may name. */
.macro label name
	.globl	\name
\name:
.endm

#endif
