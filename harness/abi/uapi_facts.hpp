// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "abi/names.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace exit24::abi {

/// A release of the kernel, by its first two numbers.
struct Release {
	unsigned version = 0;
	unsigned patchlevel = 0;

	auto operator<=>(const Release &) const = default;
};

/// What a program compiled against the kernel's user headers has in its binary: a number, a place, a size.
struct Fact {
	std::string
		name; ///< "KVM_EXIT_SYSTEM_EVENT", "system_event.ndata of struct kvm_run: offset"
	std::string expression; ///< the same in C
	std::uint64_t value = 0;
	/// A release that has it; older ones may lack it. All zero: every release with KVM_EXIT_SYSTEM_EVENT has it.
	/// Releases whose headers were read, 6.1, 6.12 and 7.3, so some are later than the one that brought it.
	Release by = {};
	std::string_view rule = {}; ///< "SE-HDR-01", where there is one
};

/// Facts that stand together in a report, and the header that they are in.
struct FactGroup {
	std::string_view title;
	std::string_view header; ///< as a program includes it: "linux/kvm.h"
	std::vector<Fact> facts;
};

/// All that exit24 and the VMMs it speaks for rely on, from the frozen numbers of this room.
std::vector<FactGroup> uapi_facts();

/// The facts' expressions need these lines in front, after linux/kvm.h and linux/psci.h.
extern const std::string_view uapi_prologue;

/// Names with numbers that must not be given twice: KVM_EXIT_*, say.
struct Numbering {
	std::string_view prefix;
	std::string_view header;
	std::vector<Name> taken;
	std::string_view rule;
};
std::vector<Numbering> uapi_numberings();

} // namespace exit24::abi
