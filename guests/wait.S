/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * wait - a vCPU that waits for an interrupt that never comes.
 *
 *   1. WFI with interrupts masked, again and again
 */
#include "payload.h"

label _start
1:	wfi
	b	1b
