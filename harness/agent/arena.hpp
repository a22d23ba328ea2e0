// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>

/// Where operator new of the agent takes its memory from. A case runs in a process of its own, and most of
/// what a fork costs is private memory: its page tables are copied, and each page that either side then
/// writes to is too. So what the processes need lies in shared pages: the plan in one that nobody can write
/// to, and what a case allocates in a stretch that is its alone while it runs and is used again by the next.
/// What does not fit comes from malloc; operator delete knows which is which.
namespace exit24::agent::arena {

/// A stretch of it, by number.
constexpr unsigned slots = 64; ///< stretches for cases
constexpr unsigned plan = 0, supervisor = 1, first_slot = 2, count = first_slot + slots;

/// Reserves all stretches; false if the kernel gives no memory.
bool create();
/// From here on, operator new of this process takes from the beginning of that stretch, over whatever was there.
void use(unsigned stretch);
/// Goes on in the stretch that was left last.
void again();
/// From here on, operator new of this process is malloc.
void leave();
/// Nobody writes to the stretch in use any more, in this process and its children; it is left.
void seal();

} // namespace exit24::agent::arena
