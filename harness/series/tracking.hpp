// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"

#include <string>
#include <vector>

namespace exit24::series {

/// What b4 notes down about a series that it has checked out for review, as far as exit24 needs it.
struct Tracking {
	std::string first;                    ///< the commit of the first patch
	std::string branch;                   ///< refs/heads/b4/review/ID; the commit at its tip is b4's own
	std::vector<std::string> message_ids; ///< of the patches, in order
};

/// The text of the file that B4_TRACKING_FILE names; an Error, with `name` for the file, says what it lacks.
Result<Tracking> parse_tracking(const std::string &name, const std::string &text);

/// The message-id of a mail, without its brackets; "" if it has none.
std::string message_id(const std::string &mail);

/// The commits of a checked-out series in `tree`, as a range A..B: all of them, or with `id` those up to and with the
/// patch that has this message-id.
Result<std::string> commits_of(const Tracking &tracking, const std::string &tree, const std::string &id = "");

} // namespace exit24::series
