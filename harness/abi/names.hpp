// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// The names of the ABI and their frozen numbers. Names are the kernel's and PSCI's own, so that
/// a reader can grep for them.
namespace exit24::abi {

struct Name {
	std::string_view name;
	std::uint64_t value;
};

using Names = std::span<const Name>;

extern const Names exit_reasons;       ///< KVM_EXIT_*, include/uapi/linux/kvm.h
extern const Names system_event_types; ///< KVM_SYSTEM_EVENT_*, include/uapi/linux/kvm.h
extern const Names mp_states;          ///< KVM_MP_STATE_*, include/uapi/linux/kvm.h
extern const Names capabilities;       ///< KVM_CAP_*, include/uapi/linux/kvm.h
extern const Names vcpu_features;      ///< bit numbers KVM_ARM_VCPU_*, arch/arm64/include/uapi/asm/kvm.h
extern const Names values;             ///< PSCI function ids, results and flags: 64-bit register values
extern const Names errnos;             ///< include/uapi/asm-generic/errno-base.h and errno.h
extern const Names core_registers;     ///< KVM_REG_ARM_CORE ids for KVM_GET_ONE_REG, by short name
extern const Names other_registers;    ///< ids of system and firmware registers, by short name
extern const Names ioctls;             ///< request numbers of include/uapi/linux/kvm.h on arm64

std::optional<std::uint64_t> find(Names names, std::string_view name);

/// The id of a register for KVM_GET_ONE_REG: one of the two tables', or written as a number, "0x6030...".
std::optional<std::uint64_t> register_id(std::string_view name);

/// "0x1f", and nothing else, as a number.
std::optional<std::uint64_t> parse_hex(std::string_view text);

/// The first name with that value, or none.
std::optional<std::string_view> name_of(Names names, std::uint64_t value);

/// The name with the number behind it, "KVM_EXIT_MMIO (6)", or the bare number.
std::string describe(Names names, std::uint64_t value);

} // namespace exit24::abi
