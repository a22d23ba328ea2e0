// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"

#include <string>
#include <vector>

namespace exit24::series {

/// What git printed, on both streams.
struct GitSaid {
	bool ok = false;
	std::string text;
};

/// Runs git in a folder with no one's configuration: no hooks, no system's or user's settings, no prompt, no
/// repository above the folder. An Error only if it could not be run to its end.
Result<GitSaid> git(const std::string &directory, const std::vector<std::string> &arguments);

/// The same, but what git says no to is an Error, too.
Result<std::string> git_output(const std::string &directory, const std::vector<std::string> &arguments);

} // namespace exit24::series
