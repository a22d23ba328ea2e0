// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// The bytes of kvm_run after a KVM_RUN, field by field.
namespace exit24::report {

enum class Touch {
	untouched, ///< every byte is still the pattern that the agent had left
	written,   ///< none is
	partly,    ///< some are: a value may hold the pattern's byte
};

struct MapField {
	std::size_t at = 0, size = 0;
	std::string name;
	std::string bytes; ///< as runs
	Touch touch = Touch::untouched;
	bool wrong = false; ///< a difference names it
};

/// The fields of a page in which KVM_RUN has left its exit. Those of the exit union are the ones of its exit
/// reason. `wrong` are the names in a table of differences: "type", "data[0]", "kvm_run bytes 48..167". Empty for
/// a page that is not whole.
std::vector<MapField> page_map(const std::string &runs, const std::vector<std::string> &wrong);

/// "KVM_EXIT_SYSTEM_EVENT (24), type KVM_SYSTEM_EVENT_RESET (2), ndata 1, data[0] 0x0"
std::string describe_page(const std::string &runs);

} // namespace exit24::report
