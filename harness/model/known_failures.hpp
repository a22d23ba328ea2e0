// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"
#include "model/recording.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Failures that are known, cases/known-failures.json: cases/README.md has the format.
namespace exit24::model {

struct KnownFailure {
	std::string name;    ///< of the case
	std::string verdict; ///< what it gives: "fail", "hang" or "crash"
	std::string release, midr; ///< globs of what the target says of itself; "" for any
	std::string kvm_mode;      ///< likewise, as it is
	std::string reason;
	std::string link; ///< may be ""

	/// Whether a target is one of those on which the case fails so.
	bool concerns(const Hello &target) const;
};

using KnownFailures = std::vector<KnownFailure>;

/// Reads the list strictly; an Error names the file, the place and the mend.
Result<KnownFailures> parse_known_failures(const std::string &file, std::string_view text);

} // namespace exit24::model
