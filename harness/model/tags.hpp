// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "model/case.hpp"

namespace exit24::model {

/// What a case can be chosen by besides its name, all of it read from the case (cases/README.md, "Tags"), so that no
/// list of tags can be wrong or out of date.
std::set<std::string> tags(const Case &c);

/// Whether a case with these tags is chosen: each of `wanted` must hold. One holds if one of its words, separated by
/// ',', is a tag or a glob of a tag; a word that begins with '!' if no tag is like the rest of it.
bool chosen(const std::set<std::string> &tags, const std::vector<std::string> &wanted);

} // namespace exit24::model
