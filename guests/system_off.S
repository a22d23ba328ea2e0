/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * system_off - ask to be shut down, and tell the host if it lets us live.
 *
 *   1. call SYSTEM_OFF over HVC
 *   2. only if the call returns: report slot 0 = x0, the PSCI return value
 *   3. spin
 */
#include "payload.h"
#include "psci.h"

label _start
	mov32	w0, PSCI_0_2_FN_SYSTEM_OFF
	hvc	#0
label after_call
	report	0, x0
1:	b	1b
