// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace exit24::model {

/// The sentences of a document of a kernel tree, as cases/README.md defines them. `path` says whether it is
/// source, of which only comments count, or text.
std::vector<std::string> sentences(const std::string &path, std::string_view content);

} // namespace exit24::model
