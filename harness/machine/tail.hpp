// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/unique_fd.hpp"

#include <string>

namespace exit24::machine {

/// Follows a file that somebody else writes.
class FileTail {
public:
	explicit FileTail(std::string path) : path_(std::move(path)) {}

	/// What has been written since the last call; "" if nothing has, or the file is not there yet.
	std::string more();

private:
	std::string path_;
	UniqueFd fd_;
};

/// The last lines of a text, at most `bytes` of it.
std::string last_lines(const std::string &text, std::size_t bytes);

/// The console's line that says why the kernel died, the most telling first; "" if none does.
std::string cause_of_death(const std::string &console);

} // namespace exit24::machine
