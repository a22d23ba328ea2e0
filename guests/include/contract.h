/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a payload may rely on and what the agent expects of it. Read by assembly and C++ alike.
 *
 * Entry:  EL1h, MMU and caches off, D, A, I and F masked, PC at the entry label that the case names.
 *         Registers hold what KVM_ARM_VCPU_INIT leaves there (zero), but for those the case sets.
 * Place:  vCPU n runs its own copy of its payload at EXIT24_RAM_BASE + n * EXIT24_SLOT_SIZE.
 *         A payload is position independent: no relocations, no data, no bss, no stack.
 * Report: a 64-bit store (from AArch32 a 32-bit one) to EXIT24_REPORT_BASE + 8 * slot. Nothing is mapped there, so the host sees
 *         KVM_EXIT_MMIO with the slot and the value. It may clobber x17 and nothing else.
 * Count:  the 64-bit word EXIT24_COUNTER_OFFSET bytes into the slot is the progress counter.
 *         It is the only memory a payload writes, and the host only reads it.
 * Never:  no return; a payload that has no more to do spins.
 */
#ifndef EXIT24_CONTRACT_H
#define EXIT24_CONTRACT_H

#define EXIT24_RAM_BASE 0x40000000
#define EXIT24_SLOT_SIZE 0x10000
#define EXIT24_COUNTER_OFFSET 0x8000
#define EXIT24_PAYLOAD_MAX 0x1000
#define EXIT24_REPORT_BASE 0x09000000
#define EXIT24_REPORT_SLOTS 64

#endif
