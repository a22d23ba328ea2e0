// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "report/view.hpp"

#include <string>
#include <vector>

namespace exit24::report {

/// A case that is not the same in two reports.
struct Change {
	enum Kind {
		newly_failing,     ///< a failure, a hang or a crash where there was none
		fails_differently, ///< wrong before and after, in another way
		fixed,
		newly_skipped,
		for_review,    ///< a behaviour that is promised nowhere is another one
		not_judged,    ///< the harness or the machine failed
		still_failing, ///< the same failure as before
		known,         ///< fails as the list of known failures says of this kernel
		slower,
		newly_run,     ///< was skipped, is not in the other report, or was not judged, and passes
		gone,          ///< not in the second report
	} kind;
	std::string mode; ///< of the second report's cell
	std::string name; ///< of the case
	std::string title;
	std::string rules; ///< "SE-OFF-01 SE-OFF-02"
	std::string before, after; ///< "pass", "fail: the guest was resumed ...", for a person
};

/// Whether a change says that the second kernel is worse.
bool is_worse(Change::Kind kind);
/// "newly failing"
std::string_view name(Change::Kind kind);

struct Comparison {
	std::vector<Change> changes; ///< nothing about cases that pass in both
	std::size_t compared = 0;    ///< cases that are in both
	std::vector<std::string> stale; ///< known failures that do not fail in the second report, a sentence each

	bool worse() const;
	std::vector<const Change *> of(Change::Kind kind) const;
};

/// What `b` has that `a` has not. Cells are compared that have the same mode; if each report has only one, these.
Comparison compare(const View &a, const View &b);
inline Comparison compare(const Json &a, const Json &b)
{
	return compare(view({a}), view({b}));
}

/// The changes as lines for a person, most important first: of each kind at most `most` cases in full.
std::string describe(const Comparison &comparison, std::size_t width, std::size_t most = 10);

} // namespace exit24::report
