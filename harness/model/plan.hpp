// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"
#include "model/case.hpp"
#include "model/guest.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace exit24::model {

/// The version of the plan and of the agent's lines; the two halves must agree on it.
constexpr int protocol = 1;

/// What the agent is to do: cases, without what only people read, and the payloads they need.
struct Plan {
	std::vector<Case> cases;
	Guests guests;
};

/// A case with the text of its file.
struct CaseText {
	Case parsed;
	std::string file;
	std::string text;
};

std::string write_plan(const std::vector<const CaseText *> &cases, const Guests &guests);
Result<Plan> read_plan(std::string_view text);

} // namespace exit24::model
