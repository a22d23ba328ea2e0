// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "mutant/mutant.hpp"

namespace exit24::mutant {

/// One mutant for each place where a semantic patch of `folder` fits a function of targets.json in it:
/// "negate/kvm_psci_vcpu_on/2" is the second condition of that function negated. Macros
/// are left out. A change of a line that equivalent.json describes has its reason: a list of objects with the globs
/// "function" and "line" (without the white space around it), the "reason", and "op" where only one kind is meant.
Result<std::vector<Mutant>> systematic_mutants(const machine::Spatch &spatch, const std::string &folder, const std::string &tree);

} // namespace exit24::mutant
