// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "judge/judge.hpp"
#include "model/known_failures.hpp"

namespace exit24::judge {

/// A verdict in the light of what is known: a failure that the list has for this target becomes known_fail, a pass
/// where the list has a failure becomes fixed. Any other verdict stays as it is. Pure, like judge().
Verdict with_known(Verdict verdict, const model::Case &c, const model::Recording &recording,
		   const model::KnownFailures &known);

} // namespace exit24::judge
