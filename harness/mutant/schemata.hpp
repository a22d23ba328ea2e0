// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "mutant/mutant.hpp"

#include <string>
#include <vector>

/// Mutant schemata: one kernel that holds many mutants, of which a variable chooses one at run time.
namespace exit24::mutant {

/// The variable, a parameter of the module kvm; 0 is the kernel as it was.
inline constexpr char switch_name[] = "exit24_mutant";
inline constexpr char switch_file[] = "/sys/module/kvm/parameters/exit24_mutant";
/// The file that defines it.
inline constexpr char switch_home[] = "arch/arm64/kvm/psci.c";

/// Collects mutants and writes the files of the kernel that holds them all. Where a mutant changes a function, the
/// function's name becomes a dispatcher that looks at the variable and calls the original or the changed copy.
class Schemata {
public:
	/// `original` has every file that a mutant may change.
	explicit Schemata(Files original) : original_(std::move(original)) {}

	/// Why a mutant cannot be switched at run time; "" if it can.
	std::string refuse(const Files &mutated) const;
	/// Takes it in; its number, from 1. It must not be refused.
	unsigned add(const Files &mutated);

	/// The files of the kernel that differ from the original ones.
	Files files() const;

private:
	struct Variant {
		unsigned number;
		std::string body;
	};
	Files original_;
	unsigned count_ = 0;
	/// of each file, by the place of the function in it
	std::map<std::string, std::map<std::size_t, std::vector<Variant>>> variants_;
};

} // namespace exit24::mutant
