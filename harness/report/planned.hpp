// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "judge/judge.hpp"
#include "model/cell.hpp"

#include <map>
#include <string>
#include <vector>

namespace exit24::report {

/// A plan, of which a report may be a part.
struct Planned {
	std::vector<model::Cell> cells;
	model::Partition partition;
	std::vector<std::string> ids; ///< of the report's own cells, in their order
};

/// Says in a report, as to_json() writes it, of which plan it is a part.
void add_plan(model::Json &report, const Planned &planned);

/// The beginning of a report, and its end: what all verdicts come to.
model::Json begin_report();
void end_report(model::Json &report, const std::map<judge::Status, std::size_t> &counts);

/// The exit status that so many of each verdict give: 0, 1 or 3.
int exit_status_of(const std::map<judge::Status, std::size_t> &counts);

} // namespace exit24::report
