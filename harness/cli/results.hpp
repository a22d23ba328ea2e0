// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "cli/terminal.hpp"
#include "report/planned.hpp"
#include "report/report.hpp"

#include <string>
#include <vector>

namespace exit24::cli {

/// One line of a result, "    PASS [   6.2ms] 7.3.4 nvhe  system_off/reports-shutdown", and the explanation of
/// one that did not pass.
void print_result(Terminal &terminal, const std::string &cell, const model::Case &c,
		  const judge::Verdict &verdict, const model::Recording &recording, const std::string &repeat);

/// The cases that took longest by the target's clock, the slowest first.
void print_slowest(Terminal &terminal, const std::vector<report::Cell> &cells, std::size_t most);

/// One line for a mode that cannot be given.
void print_skipped(Terminal &terminal, const std::string &cell, const std::string &why);

/// A kernel that runs KVM in another mode than the one asked for says nothing about it.
void skip_in_another_mode(Terminal &terminal, report::Cell &cell);

/// What did not pass, once more, the summary, and as the last line what failed and how to repeat it. Writes the
/// report if `json` names a file, and each KIND=PATH of `reports`. `seconds` is the time all of it took. Returns the exit status.
int conclude(Terminal &terminal, const std::vector<report::Cell> &cells, const model::Guests &guests,
	     const std::string &json, double seconds, const std::vector<std::string> &reports = {},
	     const report::Planned &planned = {});

} // namespace exit24::cli
