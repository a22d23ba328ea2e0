// SPDX-License-Identifier: GPL-2.0-only
#include "agent/arena.hpp"

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <sys/mman.h>

namespace exit24::agent::arena {

namespace {

constexpr std::size_t stretch_size = std::size_t{8} << 20; // of addresses; only what is used takes memory

char *base;
std::atomic<char *> next; // null: malloc
char *begin_of_use, *end_of_use, *left_at;

bool owns(const void *p)
{
	return base && p >= base && p < base + count * stretch_size;
}

void *take(std::size_t size)
{
	constexpr std::size_t alignment = alignof(std::max_align_t);
	size = (size + alignment - 1) & ~(alignment - 1);
	for (char *at = next.load(std::memory_order_relaxed); at && size <= static_cast<std::size_t>(end_of_use - at);)
		if (next.compare_exchange_weak(at, at + size, std::memory_order_relaxed))
			return at;
	return std::malloc(size);
}

} // namespace

bool create()
{
	void *p = ::mmap(nullptr, count * stretch_size, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED)
		return false;
	base = static_cast<char *>(p);
	return true;
}

void use(unsigned stretch)
{
	if (stretch >= count)
		return leave();
	begin_of_use = base + stretch * stretch_size;
	end_of_use = begin_of_use + stretch_size;
	next = begin_of_use;
}

void leave()
{
	left_at = next.exchange(nullptr);
}

void again()
{
	next = left_at;
}

void seal()
{
	(void)::mprotect(begin_of_use, stretch_size, PROT_READ);
	leave();
}

} // namespace exit24::agent::arena

void *operator new(std::size_t size)
{
	if (void *p = exit24::agent::arena::take(size))
		return p;
	throw std::bad_alloc();
}

void operator delete(void *p) noexcept
{
	if (!exit24::agent::arena::owns(p))
		std::free(p);
}

void operator delete(void *p, std::size_t) noexcept
{
	operator delete(p);
}
