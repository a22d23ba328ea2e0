// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "model/case.hpp"
#include "model/guest.hpp"
#include "model/recording.hpp"

#include <optional>
#include <string>
#include <vector>

namespace exit24::judge {

enum class Status {
	pass,
	fail,   ///< the kernel did something else than the case expects
	hang,   ///< the kernel did not answer within the case's deadline
	crash,  ///< the kernel died
	review, ///< a characterised behaviour, promised nowhere, is another one
	skip,   ///< something the case requires is missing
	error,  ///< the harness or the machine failed; the kernel was not judged
	known_fail, ///< it fails as a list of known failures says
	fixed,      ///< it passes, and that list is stale
};

/// "pass", "fail", ...
std::string_view name(Status status);

/// Whether a status says that the kernel is wrong.
inline bool is_failure(Status status)
{
	return status == Status::fail || status == Status::hang || status == Status::crash;
}

/// One thing that is not as the case expects it, in words for a table.
struct Difference {
	std::string what; ///< "exit_reason", "data[0]", "x0"
	std::string want;
	std::string got;
};

/// An entry of the list of known failures that a verdict meets.
struct Known {
	std::string verdict; ///< "fail", "hang" or "crash"
	std::string reason;
	std::string link;
};

struct Verdict {
	Status status = Status::error;
	std::string reason; ///< one sentence; empty with a pass
	std::optional<std::size_t> step; ///< the first step that differs, or that never ended
	std::vector<Difference> differences; ///< of that step, all of them
	std::optional<Known> known = {}; ///< with known_fail and fixed
};

/// What a case's observations mean. A pure function: no clock, no file, no KVM.
Verdict judge(const model::Case &c, const model::Recording &recording, const model::Guests &guests);

/// "run vCPU 0", for a person.
std::string describe(const model::Step &step);

} // namespace exit24::judge
