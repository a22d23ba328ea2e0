// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"
#include "model/case.hpp"
#include "model/guest.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace exit24::model {

/// The version of the plan and of the agent's lines; the two halves must agree on it.
constexpr int protocol = 1;

/// A word that is written to a file of the target before a case: how one boot runs cases under several settings of
/// a kernel. When a case hangs, those that follow it under the same setting are left out of this boot.
struct Setting {
	std::string file, text;

	bool operator==(const Setting &) const = default;
};

/// Files of the target that are wanted when all cases are done, or before the first and after each of them: those
/// below a folder whose path ends so.
struct Wanted {
	std::string below;
	std::vector<std::string> endings;
	bool each = false;
};

/// What the agent is to do: cases, without what only people read, and the payloads they need.
struct Plan {
	struct Item {
		Case c;
		std::optional<Setting> set;
	};
	std::vector<Item> cases;
	Guests guests;
	std::set<std::string> alone; ///< names of the cases beside which no other may run
	Wanted wanted;
};

/// A case with the text of its file. The same case under another setting has another name, and it may have another
/// deadline than its text.
struct CaseText {
	Case parsed;
	std::string file;
	std::string text;
	std::optional<Setting> set = {};
};

std::string write_plan(const std::vector<const CaseText *> &cases, const Guests &guests, const Wanted &wanted = {},
		       const std::set<std::string> &alone = {});
Result<Plan> read_plan(std::string_view text);

} // namespace exit24::model
