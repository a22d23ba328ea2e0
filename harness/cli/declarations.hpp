// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// What a C header declares, as far as it is worth comparing: the compiler knows the numbers, but not
/// what to ask it for.
namespace exit24::cli {

bool is_word(char c);

struct Macro {
	std::string body;
	bool has_arguments = false;
};
using Macros = std::map<std::string, Macro>;

/// The macros KVM_* and PSCI_* in what the preprocessor prints with -dM.
Macros parse_macros(std::string_view text);

struct Declarations {
	/// "struct kvm_run" to {"exit_reason", "system_event", "system_event.type", ...}
	std::map<std::string, std::vector<std::string>> structs;
	std::set<std::string> enumerators; ///< KVM_* and PSCI_*
};

/// The structs and unions kvm_* and the enumerators in preprocessed C. What it does not understand
/// is left out, or is no member after all: the compiler tells.
Declarations parse_declarations(std::string_view text);

} // namespace exit24::cli
