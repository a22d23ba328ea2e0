// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"
#include "model/reader.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What exit24 coverage --json has written, as pages show it; texts are cleaned as those of a View.
namespace exit24::report {

struct SeenFile {
	std::string name;
	std::uint64_t lines = 0, lines_hit = 0, branches = 0, branches_taken = 0;
	std::vector<std::pair<std::string, std::string>> missed; ///< function, "12-15, 20"
};

/// What the cases of one rule have reached by themselves: a file of SeenCoverage, and how many of its lines.
struct SeenReach {
	std::string rule;
	std::vector<std::pair<std::string, std::uint64_t>> lines_hit;
};

struct SeenCoverage {
	std::string release, modes, date, command;
	std::uint64_t cases = 0;
	std::vector<SeenFile> files;
	std::vector<SeenReach> rules; ///< empty where it was not measured rule by rule
};

/// An Error in one sentence for a file that is cut short, or is no result of exit24 coverage.
Result<SeenCoverage> read_coverage(const std::string &file, std::string_view text);

} // namespace exit24::report
