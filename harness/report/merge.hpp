// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "judge/judge.hpp"
#include "model/cell.hpp"

#include <map>
#include <string>
#include <vector>

namespace exit24::report {

using model::Json;

/// Puts reports of parts of one plan together. It looks at one report at a time and keeps none, so that a thousand
/// cells need the memory of the largest report.
class Merger {
public:
	/// Takes notes of a report as report::read_report() gives it. An Error, which names the files, if it is of
	/// another plan or program than the others, or has a cell that one of them has.
	Result<void> add(const std::string &file, const Json &report);

	/// A cell's place: in which of the reports, and where in that.
	struct Place {
		std::size_t report, index;
	};
	/// The cells in the order of the plan; an Error names those that no report has.
	Result<std::vector<Place>> order() const;

	/// The merged report, but for its cells: their list is empty.
	Json head() const;
	int exit_status() const;

private:
	std::vector<std::string> files_;
	std::vector<model::Cell> plan_;
	std::map<std::string, std::size_t> planned_; ///< by id
	std::map<std::string, Place> found_;         ///< by id
	Json tool_, guests_, rules_;
	std::map<judge::Status, std::size_t> counts_;
};

/// The text of a cell as it stands in a report that is dumped with one tab a level.
std::string cell_text(const Json &cell);

} // namespace exit24::report
