// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace exit24::series {

/// One file that a diff changes.
struct FileChange {
	std::string path;     ///< afterwards; before, if it is deleted
	std::string old_path; ///< before, if that is another one
	bool added = false;
	bool deleted = false;
	std::size_t plus = 0, minus = 0; ///< lines
};

/// The files that a unified diff changes, in its order. An Error, in words, for one that is torn, that is binary,
/// or that would reach outside the kernel tree; `name` is what it is called in it. A text without any diff gives
/// no files.
Result<std::vector<FileChange>> parse_diff(const std::string &name, std::string_view text);

/// Why a path from a patch must not be written to; "" if it may be.
std::string path_trouble(std::string_view path);

/// Whether a diff has changes without a line of context, which git has to be asked to take.
bool without_context(std::string_view diff);

/// Whether a path is a header that programs are compiled with.
bool is_user_header(std::string_view path);
/// Whether a path is one of the kernel's documents.
bool is_document(std::string_view path);
/// Whether a path is of a file that is run, or says what is run, when a kernel is built.
bool steers_the_build(std::string_view path);

} // namespace exit24::series
