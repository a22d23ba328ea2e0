// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "cli/verbs.hpp"
#include "model/cell.hpp"

#include <string>
#include <vector>

/// The verbs that make cells for other machines, and put together what these give.
namespace exit24::cli {

/// What decides on the cells; of RunOptions that which has to do with cases, kernels and modes.
struct CellOptions : RunOptions {
	model::Partition partition; ///< only those
};
/// Runs the cells of a part.
int run(CellOptions options);

/// Prints the cells that run() would run, or their part; as JSON if `json` is set.
int plan(const CellOptions &options);

struct MergeOptions {
	std::vector<std::string> files;
	std::string output;
};
/// Joins reports of parts of one plan; the status is what the merged report would end a run with.
int merge(const MergeOptions &options);

/// Takes out the cases that match one of the globs.
Result<void> exclude(std::vector<model::CaseText> &cases, const std::vector<std::string> &globs);

} // namespace exit24::cli
