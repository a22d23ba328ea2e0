// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "judge/judge.hpp"
#include "model/plan.hpp"

#include <map>
#include <string>
#include <vector>

namespace exit24::report {

using model::Json;

/// The version of the report's format, reports/report.schema.json.
constexpr int report_format = 1;

/// One kernel in one mode, judged.
struct Cell {
	std::string kernel; ///< release, for a person
	std::string mode;   ///< "nvhe", "vhe", or "native"
	model::Recording recording;
	std::vector<const model::CaseText *> cases;
	std::vector<judge::Verdict> verdicts; ///< one for each case
	std::string repeat; ///< the command that makes this cell again, without cases
	bool repeat_cases = true; ///< whether that takes names of cases
	std::uint64_t wall_ms = 0;
	std::string skip; ///< why the mode cannot be given; then nothing was judged

	std::string id() const { return kernel + "/" + mode; }
};

/// Nothing of a cell was judged, and why: its cases are not told one by one.
void skip(Cell &cell, const std::string &why);

/// How many cases have each verdict.
std::map<judge::Status, std::size_t> count(const std::vector<Cell> &cells);

/// The exit status that DESIGN and the README give these verdicts: 0, 1 or 3.
int exit_status(const std::vector<Cell> &cells);

/// The report as JSON; valid by reports/report.schema.json.
Json to_json(const std::vector<Cell> &cells, const model::Guests &guests);

/// A case that did not pass, as lines for a terminal `width` columns wide: the reason, the table of what was
/// wanted and what was seen, what it means, and the command that repeats it.
std::string explain(const model::Case &c, const judge::Verdict &verdict, const model::Recording &recording,
		    const std::string &repeat, std::size_t width);

/// The words of a text in lines of at most `width` columns, each behind `indent`.
std::string wrap(const std::string &text, const std::string &indent, std::size_t width);

/// A text without the characters that would control the terminal it is shown on.
std::string harmless(const std::string &text);

/// "61 cases: 59 passed, 2 skipped"
std::string summary(const std::map<judge::Status, std::size_t> &counts);

} // namespace exit24::report
