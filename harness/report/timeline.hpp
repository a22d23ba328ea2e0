// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "report/view.hpp"

#include <set>

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

/// What came, went, broke or was mended between two kernels, for one reason, in whichever modes.
struct Milestone {
	std::string before, after; ///< kernels
	Turn turn;
	std::string what; ///< "KVM_ARM_VM_SMCCC_FILTER", or "pass -> fail: ..."
	std::set<std::string> cases, modes;
};
std::vector<Milestone> milestones(const std::vector<Stretch> &stretches);

std::string_view name(Turn turn);

} // namespace exit24::report
