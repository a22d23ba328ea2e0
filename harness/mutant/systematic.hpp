// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "mutant/spatch.hpp"

namespace exit24::mutant {

/// One mutant for each place where a semantic patch of `folder` fits a function of targets.json in it:
/// "negate/kvm_psci_vcpu_on/2" is the second condition of that function negated. Those that equivalent.json
/// names have its reason.
Result<std::vector<Mutant>> systematic_mutants(const Spatch &spatch, const std::string &folder, const std::string &tree);

} // namespace exit24::mutant
