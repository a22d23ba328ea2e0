// SPDX-License-Identifier: GPL-2.0-only
#include "mutant/spatch.hpp"

#include "base/file.hpp"
#include "machine/process.hpp"

#include <chrono>
#include <filesystem>

namespace fs = std::filesystem;

namespace exit24::mutant {

// It takes 0.1 s; a semantic patch with many dots may take for ever.
static constexpr std::chrono::seconds limit{120};

Result<Spatch> Spatch::find()
{
	if (auto program = machine::find_program("spatch"))
		return Spatch(std::move(*program));
	return Error{"there is no spatch; install Debian's coccinelle"};
}

Result<Files> Spatch::apply(const Mutant &mutant, const std::string &tree, const std::string &scratch) const
{
	Files out;
	for (const std::string &file : mutant.files) {
		const std::string source = tree + "/" + file;
		std::error_code error;
		if (!fs::exists(source, error))
			continue; // another kernel has it
		const auto original = read_file(source);
		if (!original)
			return original.error();
		const std::string result = scratch + "/" + fs::path(file).filename().string();
		if (auto r = write_file(result, *original); !r)
			return r.error();
		std::vector<std::string> arguments = {"--very-quiet", "--no-includes", "--no-show-diff", "--in-place"};
		arguments.insert(arguments.end(), mutant.arguments.begin(), mutant.arguments.end());
		arguments.insert(arguments.end(), {"--sp-file", mutant.path, result});
		if (const auto said = machine::output_of(program_, arguments, limit); !said)
			return Error{mutant.path + ": spatch does not take it: " + said.error().what};
		auto text = read_file(result);
		if (!text)
			return text.error();
		if (*text != *original)
			out[file] = std::move(*text);
	}
	return out;
}

Result<std::vector<std::string>> Spatch::ask(const std::string &patch, const std::vector<std::string> &arguments,
					     const std::string &file) const
{
	std::vector<std::string> all = {"--very-quiet", "--no-includes"};
	all.insert(all.end(), arguments.begin(), arguments.end());
	all.insert(all.end(), {"--sp-file", patch, file});
	auto said = machine::output_of(program_, all, limit);
	if (!said)
		return Error{patch + ": spatch does not take it: " + said.error().what};
	std::vector<std::string> lines;
	for (std::size_t at = 0; at < said->size();) {
		const auto end = std::min(said->find('\n', at), said->size());
		if (end > at)
			lines.push_back(said->substr(at, end - at));
		at = end + 1;
	}
	return lines;
}

} // namespace exit24::mutant
