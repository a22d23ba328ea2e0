// SPDX-License-Identifier: GPL-2.0-only
#include "judge/known.hpp"

namespace exit24::judge {

Verdict with_known(Verdict verdict, const model::Case &c, const model::Recording &recording,
		   const model::KnownFailures &known)
{
	const auto run = recording.cases.find(c.name);
	if (run == recording.cases.end() || !recording.boots[run->second.boot].hello)
		return verdict;
	const model::Hello &target = *recording.boots[run->second.boot].hello;
	for (const model::KnownFailure &entry : known) {
		if (entry.name != c.name || !entry.concerns(target))
			continue;
		const bool passed = verdict.status == Status::pass;
		if (!passed && (!is_failure(verdict.status) || name(verdict.status) != entry.verdict))
			continue;
		verdict.known = {entry.verdict, entry.reason, entry.link};
		if (passed)
			verdict.reason = "passes, but the list of known failures has it as " + entry.verdict +
					 " on this kernel: take it off the list";
		verdict.status = passed ? Status::fixed : Status::known_fail;
		break;
	}
	return verdict;
}

} // namespace exit24::judge
