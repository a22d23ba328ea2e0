/* SPDX-License-Identifier: GPL-2.0-only */
/* An /init that powers the machine off at once. */
#include <sys/reboot.h>

int main(void)
{
	return reboot(RB_POWER_OFF);
}
