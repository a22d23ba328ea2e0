// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace exit24 {

/// The whole file; an Error if it cannot be read or is larger than `limit` bytes.
Result<std::string> read_file(const std::string &path, std::size_t limit = std::size_t{1} << 30);

/// Writes the whole file beside its place and renames it there, so a reader sees all or nothing.
/// Something that is not a regular file, /dev/stdout say, is written in place.
Result<void> write_file(const std::string &path, std::string_view content);

/// "cannot open FILE: No such file or directory", from errno.
Error system_error(const std::string &what, int code);

} // namespace exit24
