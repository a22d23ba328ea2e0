// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace exit24::series {

/// One change of a series.
struct Patch {
	std::string name;    ///< for a person: "patch 1/2", or the name of its file
	std::string subject; ///< without its "[PATCH 1/2]"
	std::string author;
	std::string text;    ///< a unified diff with words around it, or a semantic patch
	bool semantic = false;
};

struct Series {
	std::string title;               ///< of the cover letter, or of the first patch
	std::vector<Patch> base;         ///< to be applied first: a part of what the patches are compared with
	std::vector<Patch> patches;
	std::string base_commit;         ///< that it says it is made for
	std::string message_id, to, subject; ///< of the mail that an answer goes to; "" without one
	unsigned part_of = 0;            ///< if this is one patch of a series: of how many
	std::vector<std::string> notes;  ///< what was guessed, dropped or mended, a sentence each
};

/// A series in the text of one file: an mbox or a single mail with patches in any order, of which the newest
/// version is taken, the page of a mailing list's archive, or a plain diff. An Error, with `name` for the file, says
/// what is missing.
Result<Series> parse_series(const std::string &name, const std::string &text);

/// A semantic patch, spatch's language; its first comment that has a "Subject: " names it.
Result<Patch> parse_semantic(const std::string &name, const std::string &text);

/// Reads what a person names: files as above, folders of patches, in the order of their names or of a file `series`
/// as quilt has it, semantic patches *.cocci, or a range A..B of `tree`. In a folder, patches named base.* are part
/// of the base.
Result<Series> read_series(const std::vector<std::string> &arguments, const std::string &tree);

} // namespace exit24::series
