// SPDX-License-Identifier: GPL-2.0-only
#include "machine/spatch.hpp"

#include "base/file.hpp"
#include "machine/process.hpp"
#include "machine/scratch.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>

namespace fs = std::filesystem;

namespace exit24::machine {

// It takes 0.1 s; a semantic patch with many dots may take for ever.
static constexpr std::chrono::seconds limit{120};

Result<Spatch> Spatch::find()
{
	if (auto program = find_program("spatch"))
		return Spatch(std::move(*program));
	return Error{"there is no spatch to apply semantic patches with; install Debian's coccinelle"};
}

Result<std::string> Spatch::run(const std::string &patch, std::vector<std::string> arguments, const std::string &file) const
{
	auto scratch = Scratch::create();
	if (!scratch)
		return scratch.error();
	const std::string log = scratch->path("log");
	arguments.insert(arguments.end(), {"--very-quiet", "--no-includes", "--sp-file", patch, file});
	const auto ran = machine::run({program_, std::move(arguments), scratch->folder(), std::nullopt}, log, limit);
	if (!ran)
		return ran.error();
	auto said = read_file(log);
	if (ran->how == Ran::succeeded)
		return said;
	std::string why = said ? *said : "";
	if (const auto at = why.find("parse error"); at != std::string::npos)
		why = why.substr(at);
	std::replace(why.begin(), why.end(), '\n', ' ');
	return Error{"spatch does not take it: " + (why.empty() || ran->how != Ran::failed ? ran->end : why.substr(0, 200))};
}

Result<std::string> Spatch::apply(const std::string &patch, const std::vector<std::string> &arguments, const std::string &file,
				  std::string_view content, const std::string &scratch) const
{
	const std::string result = scratch + "/" + fs::path(file).filename().string();
	if (auto r = write_file(result, content); !r)
		return r.error();
	std::vector<std::string> all = {"--no-show-diff", "--in-place"};
	all.insert(all.end(), arguments.begin(), arguments.end());
	if (const auto said = run(patch, std::move(all), result); !said)
		return said.error();
	return read_file(result);
}

Result<std::vector<std::string>> Spatch::ask(const std::string &patch, const std::vector<std::string> &arguments,
					     const std::string &file) const
{
	const auto said = run(patch, arguments, file);
	if (!said)
		return Error{patch + ": " + said.error().what};
	std::vector<std::string> lines;
	for (std::size_t at = 0; at < said->size();) {
		const auto end = std::min(said->find('\n', at), said->size());
		if (end > at)
			lines.push_back(said->substr(at, end - at));
		at = end + 1;
	}
	return lines;
}

} // namespace exit24::machine
