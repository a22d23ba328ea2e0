// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"

#include <map>
#include <string>
#include <vector>

namespace exit24::cli {

/// A rule of the ABI, of rules.json.
struct Rule {
	std::string kind, says;
	std::vector<std::string> cases;
	std::string uncovered; ///< why no case covers it
};

/// rules.json: id to {"kind", "says"}; uncovered.json: id to the reason why no case covers it. `cases` is left empty.
Result<std::map<std::string, Rule>> load_rules(const std::string &folder);

} // namespace exit24::cli
