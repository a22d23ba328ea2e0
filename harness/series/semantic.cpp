// SPDX-License-Identifier: GPL-2.0-only
#include "series/semantic.hpp"

#include "base/file.hpp"
#include "machine/process.hpp"
#include "machine/scratch.hpp"

#include <filesystem>
#include <sstream>

namespace fs = std::filesystem;

namespace exit24::series {

namespace {

// It takes 0.1 s; one with many dots may take for ever.
constexpr std::chrono::seconds limit{120};

} // namespace

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
	const auto spatch = machine::find_program("spatch");
	if (!spatch)
		return Error{"there is no spatch to apply " + name + " with; install Debian's coccinelle"};
	auto scratch = machine::Scratch::create();
	if (!scratch)
		return scratch.error();
	if (auto r = write_file(scratch->path("patch.cocci"), text); !r)
		return r.error();
	std::vector<std::pair<std::string, std::string>> changed;
	for (const std::string &file : files) {
		if (const std::string why = path_trouble(file); !why.empty())
			return Error{name + " is for \"" + file + "\", " + why + "; it is refused"};
		auto original = read_file(workspace.linux_folder() + "/" + file);
		if (!original)
			continue; // another kernel has it
		const std::string result = scratch->path("result.c"), log = scratch->path("log");
		if (auto r = write_file(result, *original); !r)
			return r.error();
		auto ran = machine::run({*spatch, {"--very-quiet", "--no-includes", "--no-show-diff", "--in-place", "--sp-file",
						   scratch->path("patch.cocci"), result}, scratch->folder(), std::nullopt},
					log, limit);
		if (!ran)
			return ran.error();
		auto now = read_file(result);
		auto said = read_file(log);
		if (ran->how != machine::Ran::succeeded || !now) {
			std::string why = said ? *said : "";
			if (const auto at = why.find("parse error"); at != std::string::npos)
				why = why.substr(at);
			for (char &c : why)
				c = c == '\n' ? ' ' : c;
			return Error{name + ": spatch does not take it: " + (why.empty() ? ran->end : why.substr(0, 200))};
		}
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
