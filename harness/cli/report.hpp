// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"
#include "model/reader.hpp"

#include <string>
#include <vector>

namespace exit24::cli {

/// "text, html, ...": all kinds of reports.
std::string kind_names();

/// An Error if a --report KIND=PATH is malformed, or could not be written at the end of a run.
Result<void> check_report(const std::string &asked);

/// Writes each KIND=PATH; "-" is the standard output. The kind github also appends to GITHUB_STEP_SUMMARY.
Result<void> write_reports(const std::vector<std::string> &asked, const model::Json &json);

} // namespace exit24::cli
