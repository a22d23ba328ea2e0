// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"
#include "cli/data.hpp"
#include "cli/verbs.hpp"
#include "report/planned.hpp"
#include "report/report.hpp"

#include <string>
#include <vector>

namespace exit24::cli {

/// All that it takes to judge a recording.
class Judging {
public:
	/// An Error also if what the options want written could not be.
	static Result<Judging> open(const JudgeOptions &options);

	/// The cell of a recording that has a boot; `file` is what messages name.
	Result<report::Cell> judge(const std::string &file, model::Recording recording, const std::string &repeat) const;
	/// Prints cells, and writes what the options want; the exit status.
	int conclude(std::vector<report::Cell> &cells, double seconds, const report::Planned &planned = {}) const;

private:
	JudgeOptions options_;
	std::string folder_;
	std::vector<model::CaseText> cases_;
	model::Guests guests_;
	model::KnownFailures known_;
};

} // namespace exit24::cli
