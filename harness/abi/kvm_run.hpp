// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>
#include <cstdint>

/// Frozen facts about struct kvm_run on a little-endian LP64 kernel (include/uapi/linux/kvm.h since
/// v3.16, `ndata` and `data[16]` since v5.18). They are numbers of ours and not taken from a header:
/// a suite compiled against the tree under test cannot see that tree renumber them.
namespace exit24::abi {

constexpr std::size_t kvm_run_size = 2352;
constexpr std::size_t immediate_exit_offset = 1;
constexpr std::size_t exit_reason_offset = 8;
constexpr std::size_t flags_offset = 14;
constexpr std::size_t exit_union_offset = 32;
constexpr std::size_t exit_union_size = 256;
constexpr std::size_t sync_regs_offset = 304; // struct kvm_sync_regs: one u64 device_irq_level
constexpr std::size_t sync_regs_size = 8;

// struct { __u32 type; __u32 ndata; __u64 data[16]; } system_event. `flags`, which userspace may still
// use, is data[0]; in the layout of 2013, { __u32 type; __u64 flags; }, it was in the same place.
constexpr std::size_t system_event_type_offset = exit_union_offset;
constexpr std::size_t system_event_ndata_offset = exit_union_offset + 4;
constexpr std::size_t system_event_data_offset = exit_union_offset + 8;
constexpr std::size_t system_event_data_words = 16;
constexpr std::size_t system_event_size = 136;

// struct { __u64 phys_addr; __u8 data[8]; __u32 len; __u8 is_write; } mmio
constexpr std::size_t mmio_phys_addr_offset = exit_union_offset;
constexpr std::size_t mmio_data_offset = exit_union_offset + 8;
constexpr std::size_t mmio_len_offset = exit_union_offset + 16;
constexpr std::size_t mmio_is_write_offset = exit_union_offset + 20;

// struct { __u64 nr; __u64 args[6]; __u64 ret; union { __u32 longmode; __u64 flags; }; } hypercall
constexpr std::size_t hypercall_nr_offset = exit_union_offset;
constexpr std::size_t hypercall_args_offset = exit_union_offset + 8;
constexpr std::size_t hypercall_ret_offset = exit_union_offset + 56;
constexpr std::size_t hypercall_flags_offset = exit_union_offset + 64;

constexpr std::uint32_t exit_hypercall = 3;
constexpr std::uint32_t exit_mmio = 6;
constexpr std::uint32_t exit_system_event = 24;

/// What the agent leaves in the page before each KVM_RUN; no kernel writes these by itself.
constexpr std::uint8_t poison_byte = 0xa5;
constexpr std::uint32_t poison_exit_reason = 0x5a5a5a5a;

} // namespace exit24::abi
