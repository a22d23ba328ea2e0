/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tables - the stage-1 translation tables of another vCPU's guest; no vCPU executes them.
 *
 *   1. a case gives this payload to a vCPU with "init": false, and another vCPU the registers
 *      ttbr0_el1 "1:_start", mair_el1 "0xff", tcr_el1 "0x803520", sctlr_el1 "0x30d5187d":
 *      4 KiB granule, 32-bit addresses, so that the walk begins at level 1 and four entries are all of it
 *   2. the first GiB is device memory, for the reports; the second is RAM; each at its own address
 *   3. the rest is not there
 *
 * The host wrote them and no guest has touched them, so stage 2 does not have them when the first walk comes.
 */
#include "payload.h"

.macro descriptor value
	.inst	(\value) & 0xffffffff
	.inst	(\value) >> 32
.endm

label _start
	descriptor 0x0060000000000405	/* block at 0: MAIR attribute 1, AF, never executable */
	descriptor 0x0040000040000701	/* block at 1 GiB: attribute 0, inner shareable, AF, EL1 may execute */
