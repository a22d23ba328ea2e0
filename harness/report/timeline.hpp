// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "report/view.hpp"

/// Which behaviour came, changed and went, from one kernel to the next in the same mode.
namespace exit24::report {

enum class Turn {
	broke,   ///< bad now, and not before
	mended,  ///< bad before, good now
	went,    ///< what the case requires is no longer there
	came,    ///< what the case requires is there now
	verdict, ///< another verdict of the same kind
	changed, ///< the same verdict, but not the same observations
};

struct Turned {
	Turn turn;
	const SeenCase *before, *after;
	std::string how; ///< "skip -> pass", or the first observation that is another one
};

struct Stretch {
	const SeenCell *before, *after;
	std::vector<Turned> changes;
	std::size_t same = 0; ///< cases with the same verdict and the same observations
	std::size_t only_before = 0, only_after = 0; ///< cases that the other one does not have
};

/// One for each two cells of the same mode that follow each other.
std::vector<Stretch> timeline(const View &view);

std::string_view name(Turn turn);

} // namespace exit24::report
