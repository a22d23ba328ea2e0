// SPDX-License-Identifier: GPL-2.0-only
#include "series/semantic.hpp"

#include "base/file.hpp"
#include "machine/scratch.hpp"
#include "machine/spatch.hpp"

#include <sstream>

namespace exit24::series {

std::vector<std::string> semantic_files(std::string_view text)
{
	std::vector<std::string> files;
	std::istringstream lines{std::string(text)};
	constexpr std::string_view mark = "// files: ";
	for (std::string line; std::getline(lines, line);) {
		if (!line.starts_with(mark))
			continue;
		std::istringstream words(line.substr(mark.size()));
		for (std::string word; words >> word;)
			files.push_back(word);
	}
	return files;
}

Result<std::vector<FileChange>> apply_semantic(Workspace &workspace, const std::string &name, std::string_view text)
{
	for (const char *script : {"script:", "initialize:", "finalize:", "#spatch", "# spatch"})
		if (text.find(script) != std::string_view::npos)
			return Error{name + " has \"" + script + "\": exit24 runs no script and takes no option of a semantic patch"};
	const auto files = semantic_files(text);
	if (files.empty())
		return Error{name + " does not say to which files it is applied; add a line \"// files: arch/arm64/kvm/psci.c\""};
	const auto spatch = machine::Spatch::find();
	if (!spatch)
		return Error{name + ": " + spatch.error().what};
	auto scratch = machine::Scratch::create();
	if (!scratch)
		return scratch.error();
	const std::string patch = scratch->path("patch.cocci");
	if (auto r = write_file(patch, text); !r)
		return r.error();
	std::vector<std::pair<std::string, std::string>> changed;
	for (const std::string &file : files) {
		if (const std::string why = path_trouble(file); !why.empty())
			return Error{name + " is for \"" + file + "\", " + why + "; it is refused"};
		auto original = read_file(workspace.linux_folder() + "/" + file);
		if (!original)
			continue; // another kernel has it
		auto now = spatch->apply(patch, {}, file, *original, scratch->folder());
		if (!now)
			return Error{name + ": " + now.error().what};
		if (*now != *original)
			changed.emplace_back(file, std::move(*now));
	}
	if (changed.empty()) {
		std::string where;
		for (const std::string &file : files)
			where += (where.empty() ? "" : ", ") + file;
		return Error{name + " does not apply: nothing in " + where + " matches it"};
	}
	std::vector<FileChange> changes;
	for (const auto &[file, content] : changed) {
		if (auto r = workspace.write(file, content); !r)
			return r.error();
		changes.push_back({file, "", false, false, 0, 0});
	}
	return changes;
}

} // namespace exit24::series
