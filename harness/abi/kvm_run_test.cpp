// SPDX-License-Identifier: GPL-2.0-only
#include "abi/kvm_run.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <linux/kvm.h>

namespace exit24::abi {
namespace {

using Page = std::array<std::uint8_t, kvm_run_size>;

/// What userspace compiled against each generation of the header has; on LP64 the same bytes.
struct Event2013 {
	std::uint32_t type;
	std::uint64_t flags;
};
struct Event {
	std::uint32_t type;
	std::uint32_t ndata;
	union {
		std::uint64_t flags;
		std::uint64_t data[16];
	};
};

template <typename T> T at(const Page &page, std::size_t offset)
{
	T value;
	std::memcpy(&value, page.data() + offset, sizeof(value));
	return value;
}

TEST(KvmRun, NumbersAreFrozen)
{
	EXPECT_EQ(exit_system_event, 24u);
	EXPECT_EQ(exit_mmio, 6u);
	EXPECT_EQ(exit_hypercall, 3u);
	EXPECT_EQ(kvm_run_size, 2352u);
	EXPECT_EQ(exit_reason_offset, 8u);
	EXPECT_EQ(exit_union_offset, 32u);
	EXPECT_EQ(exit_union_size, 256u);
	EXPECT_EQ(system_event_type_offset, 32u);
	EXPECT_EQ(system_event_ndata_offset, 36u);
	EXPECT_EQ(system_event_data_offset, 40u);
	EXPECT_EQ(system_event_data_words, 16u);
	EXPECT_EQ(system_event_size, 4u + 4 + 16 * 8);
}

TEST(KvmRun, FlagsOf2013AreTheFirstDataWord)
{
	static_assert(sizeof(Event) == system_event_size);
	static_assert(offsetof(Event, flags) == offsetof(Event, data));

	Page page;
	page.fill(poison_byte);
	const Event written = {.type = 2, .ndata = 1, .data = {0x8000000000000001}};
	std::memcpy(page.data() + exit_union_offset, &written, sizeof(written));

	const auto old = at<Event2013>(page, exit_union_offset);
	EXPECT_EQ(old.type, 2u);
	EXPECT_EQ(old.flags, 0x8000000000000001u);
	EXPECT_EQ(at<std::uint32_t>(page, system_event_type_offset), 2u);
	EXPECT_EQ(at<std::uint32_t>(page, system_event_ndata_offset), 1u);
	EXPECT_EQ(at<std::uint64_t>(page, system_event_data_offset), 0x8000000000000001u);
	EXPECT_EQ(at<std::uint8_t>(page, exit_union_offset + system_event_size), poison_byte);
}

TEST(KvmRun, EventOf2013HasItsNdataInThePadding)
{
	Page page;
	page.fill(poison_byte);
	const Event2013 written = {.type = 1, .flags = 0};
	std::memcpy(page.data() + system_event_type_offset, &written.type, sizeof(written.type));
	std::memcpy(page.data() + system_event_data_offset, &written.flags, sizeof(written.flags));

	const auto now = at<Event>(page, exit_union_offset);
	EXPECT_EQ(now.type, 1u);
	EXPECT_EQ(now.flags, 0u);
	EXPECT_EQ(now.ndata, 0xa5a5a5a5u) << "unwritten padding must be seen as such";
}

// The facts stay what they are when a header changes; this one agreed when it was installed.
TEST(KvmRun, HostHeaderAgrees)
{
	EXPECT_EQ(sizeof(kvm_run), kvm_run_size);
	EXPECT_EQ(offsetof(kvm_run, immediate_exit), immediate_exit_offset);
	EXPECT_EQ(offsetof(kvm_run, exit_reason), exit_reason_offset);
	EXPECT_EQ(offsetof(kvm_run, flags), flags_offset);
	EXPECT_EQ(offsetof(kvm_run, system_event.type), system_event_type_offset);
	EXPECT_EQ(offsetof(kvm_run, system_event.ndata), system_event_ndata_offset);
	EXPECT_EQ(offsetof(kvm_run, system_event.data), system_event_data_offset);
	EXPECT_EQ(sizeof(kvm_run::system_event), system_event_size);
	EXPECT_EQ(offsetof(kvm_run, mmio.phys_addr), mmio_phys_addr_offset);
	EXPECT_EQ(offsetof(kvm_run, mmio.data), mmio_data_offset);
	EXPECT_EQ(offsetof(kvm_run, mmio.len), mmio_len_offset);
	EXPECT_EQ(offsetof(kvm_run, mmio.is_write), mmio_is_write_offset);
	EXPECT_EQ(offsetof(kvm_run, hypercall.nr), hypercall_nr_offset);
	EXPECT_EQ(offsetof(kvm_run, hypercall.args), hypercall_args_offset);
	EXPECT_EQ(offsetof(kvm_run, hypercall.ret), hypercall_ret_offset);
	EXPECT_EQ(offsetof(kvm_run, hypercall.longmode), hypercall_flags_offset);
	EXPECT_EQ(offsetof(kvm_run, kvm_valid_regs), exit_union_offset + exit_union_size);
	EXPECT_EQ(offsetof(kvm_run, s.regs), sync_regs_offset);
}

} // namespace
} // namespace exit24::abi
