// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"
#include "model/known_failures.hpp"
#include "model/plan.hpp"

#include <string>
#include <vector>

namespace exit24::cli {

/// Where exit24's own files are: beside the program in a build tree, or below ../share when installed.
struct Places {
	std::string cases;
	std::string guests;
	std::string agent;
	std::string patches; ///< kernel-patches
	std::string scripts; ///< those that fetch something; in a build tree as they are called from the project's folder
};
Places find_places();

/// What exit24 keeps from one run to the next, all of which can be made again.
std::string cache_folder();

/// Where scripts/fetch-kernel leaves kernel images.
std::string kernel_cache();

/// Where scripts/fetch-qemu leaves a newer QEMU.
std::string fetched_qemu();

/// The list of known failures: of the file given, else known-failures.json beside the cases if there is one. An Error
/// also for an entry whose case is not there.
Result<model::KnownFailures> load_known_failures(const std::string &file, const std::string &cases);

/// The name that was meant by one with a slip, or "".
std::string nearest(const std::vector<std::string> &names, const std::string &typed);

/// The names of all cases below a folder, sorted.
Result<std::vector<std::string>> case_names(const std::string &folder);

/// The cases that match one of the globs (all without any), loaded. An Error for the first bad file, or for
/// a glob that matches nothing.
Result<std::vector<model::CaseText>> load_cases(const std::string &folder, const std::vector<std::string> &globs);

/// Those of them (of exit24's own without a folder) that these tags choose (model::chosen), without those that match
/// one of the last globs. An Error also if none is left, or for a glob that takes nothing out.
Result<std::vector<model::CaseText>> select_cases(const std::string &folder, const std::vector<std::string> &globs,
						  const std::vector<std::string> &tags, const std::vector<std::string> &without);

/// The payloads these cases and the agent's own probe need, all checked.
Result<model::Guests> load_guests(const std::string &folder, const std::vector<model::CaseText> &cases);

/// An Error if a file could not be written at the end of a run; asked before it begins.
Result<void> check_writable(const std::string &file);

} // namespace exit24::cli
