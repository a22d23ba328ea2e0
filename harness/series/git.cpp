// SPDX-License-Identifier: GPL-2.0-only
#include "series/git.hpp"

#include "base/file.hpp"
#include "machine/process.hpp"
#include "machine/scratch.hpp"

#include <cstdlib>
#include <filesystem>

namespace exit24::series {

Result<GitSaid> git(const std::string &directory, const std::vector<std::string> &arguments)
{
	const auto program = machine::find_program("git");
	if (!program)
		return Error{"there is no git; install Debian's git"};
	auto scratch = machine::Scratch::create();
	if (!scratch)
		return scratch.error();
	const char *path = std::getenv("PATH");
	machine::Command command{*program, {"-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false",
					     "-c", "safe.directory=*", "-c", "advice.detachedHead=false"},
				 directory,
				 std::vector<std::string>{
					 std::string("PATH=") + (path ? path : "/usr/local/bin:/usr/bin:/bin"),
					 "HOME=/nonexistent", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null",
					 "GIT_ATTR_NOSYSTEM=1", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0",
					 "GIT_NO_LAZY_FETCH=1", "GIT_PAGER=cat", "LC_ALL=C", "TZ=UTC",
					 "GIT_CEILING_DIRECTORIES=" + std::filesystem::path(directory).parent_path().string()}};
	command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
	const std::string log = scratch->path("git");
	auto ran = machine::run(command, log, std::chrono::minutes(10));
	if (!ran)
		return ran.error();
	if (ran->how == machine::Ran::late || ran->how == machine::Ran::interrupted)
		return Error{"git " + arguments.front() + ": stopped by " + ran->end};
	auto text = read_file(log);
	if (!text)
		return text.error();
	return GitSaid{ran->how == machine::Ran::succeeded, std::move(*text)};
}

Result<std::string> git_output(const std::string &directory, const std::vector<std::string> &arguments)
{
	auto said = git(directory, arguments);
	if (!said)
		return said.error();
	if (!said->ok)
		return Error{"git " + arguments.front() + " in " + directory + ": " +
			     (said->text.empty() ? "failed without a word" : said->text.substr(0, said->text.find('\n')))};
	return std::move(said->text);
}

} // namespace exit24::series
