/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * count - a vCPU that is visibly running.
 *
 *   1. count in x19, and store each count to the progress counter
 */
#include "payload.h"

label _start
	adr	x20, exit24_counter
1:	add	x19, x19, #1
	str	x19, [x20]
	b	1b
