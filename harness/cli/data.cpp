// SPDX-License-Identifier: GPL-2.0-only
#include "cli/data.hpp"

#include "base/file.hpp"
#include "base/unique_fd.hpp"
#include "model/tags.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fnmatch.h>
#include <numeric>
#include <set>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace fs = std::filesystem;

namespace exit24::cli {

Places find_places()
{
	std::error_code error;
	const fs::path here = fs::read_symlink("/proc/self/exe", error).parent_path();
	if (fs::is_directory(here / "cases", error))
		return {here / "cases", here / "guests", here / "exit24-agent", here / "kernel-patches", "scripts"};
	const fs::path prefix = here.parent_path();
	return {prefix / "share/exit24/cases", prefix / "share/exit24/guests", prefix / "libexec/exit24/exit24-agent",
		prefix / "share/exit24/kernel-patches", prefix / "share/exit24/scripts"};
}

std::string cache_folder()
{
	const auto env = [](const char *name) -> std::string {
		const char *value = std::getenv(name);
		return value ? value : "";
	};
	if (const std::string own = env("EXIT24_CACHE"); !own.empty())
		return own;
	const std::string base = env("XDG_CACHE_HOME").empty() ? env("HOME") + "/.cache" : env("XDG_CACHE_HOME");
	return base + "/exit24";
}

std::string kernel_cache()
{
	return cache_folder() + "/kernels";
}

std::string fetched_qemu()
{
	return cache_folder() + "/qemu/qemu-system-aarch64";
}

Result<std::vector<std::string>> case_names(const std::string &folder)
{
	std::error_code error;
	std::vector<std::string> names;
	for (auto it = fs::recursive_directory_iterator(folder, error); !error && it != fs::end(it); it.increment(error)) {
		const fs::path &path = it->path();
		if (path.extension() != ".json" || !it->is_regular_file() || path.parent_path() == folder)
			continue;
		names.push_back(path.lexically_relative(folder).replace_extension().string());
	}
	if (error)
		return Error{"cannot read the cases in " + folder + ": " + error.message() +
			     "; name their folder with --cases"};
	std::sort(names.begin(), names.end());
	return names;
}

/// How many letters have to be changed, taken out or put in.
static std::size_t distance(std::string_view a, std::string_view b)
{
	std::vector<std::size_t> row(b.size() + 1);
	std::iota(row.begin(), row.end(), 0);
	for (std::size_t i = 0; i < a.size(); i++) {
		std::size_t before = std::exchange(row[0], i + 1);
		for (std::size_t n = 0; n < b.size(); n++)
			before = std::exchange(row[n + 1], std::min({before + (a[i] != b[n]), row[n] + 1, row[n + 1] + 1}));
	}
	return row.back();
}

std::string nearest(const std::vector<std::string> &names, const std::string &typed)
{
	const auto closer = [&](const std::string &a, const std::string &b) { return distance(a, typed) < distance(b, typed); };
	const auto best = std::min_element(names.begin(), names.end(), closer);
	return best == names.end() || distance(*best, typed) > std::max<std::size_t>(typed.size() / 3, 1) ? "" : *best;
}

/// What was meant by a glob that no case matches: a folder's cases, or the one that shares most of it.
static std::string meant(const std::vector<std::string> &names, const std::string &typed)
{
	std::set<std::string> folders;
	for (const std::string &name : names)
		folders.insert(name.substr(0, name.find('/')));
	const std::string folder = typed.substr(0, typed.find('/'));
	if (folder == typed || typed.ends_with("/") || typed.ends_with("/*"))
		if (const std::string near = nearest({folders.begin(), folders.end()}, folder); !near.empty())
			return "'" + near + "/*'";
	if (const std::string near = nearest(names, typed); !near.empty())
		return near;
	std::size_t best = 0;
	std::string found;
	for (const std::string &name : names) {
		std::size_t common = 0;
		for (std::size_t n = 3; n <= typed.size(); n++)
			for (std::size_t at = 0; at + n <= typed.size(); at++)
				if (name.find(typed.substr(at, n)) != std::string::npos)
					common = n;
		if (common > best) {
			best = common;
			found = name;
		}
	}
	return found;
}

Result<std::vector<model::CaseText>> load_cases(const std::string &folder, const std::vector<std::string> &globs)
{
	auto names = case_names(folder);
	if (!names)
		return names.error();
	std::set<std::string> chosen;
	for (const std::string &glob : globs) {
		bool matched = false;
		for (const std::string &name : *names) {
			if (::fnmatch(glob.c_str(), name.c_str(), 0) == 0) {
				chosen.insert(name);
				matched = true;
			}
		}
		if (matched)
			continue;
		const std::string near = meant(*names, glob);
		return Error{"no case matches \"" + glob + "\"" + (near.empty() ? "" : "; is it " + near + "?") +
			     " \"exit24 cases\" lists them"};
	}
	std::vector<model::CaseText> cases;
	for (const std::string &name : *names) {
		if (!globs.empty() && !chosen.contains(name))
			continue;
		const std::string file = folder + "/" + name + ".json";
		auto text = read_file(file, 1 << 20);
		if (!text)
			return text.error();
		auto parsed = model::parse_case(name, file, *text);
		if (!parsed)
			return parsed.error();
		cases.push_back({std::move(*parsed), file, std::move(*text)});
	}
	if (cases.empty())
		return Error{"there is no case in " + folder + "; name their folder with --cases"};
	return cases;
}

namespace {

Result<void> keep_tagged(std::vector<model::CaseText> &cases, const std::vector<std::string> &wanted)
{
	if (wanted.empty())
		return {};
	std::erase_if(cases, [&](const model::CaseText &c) { return !model::chosen(model::tags(c.parsed), wanted); });
	if (!cases.empty())
		return {};
	std::string said;
	for (const std::string &words : wanted)
		said += (said.empty() ? "\"" : " and \"") + words + "\"";
	return Error{"--tag: no case is tagged " + said + "; \"exit24 cases tags\" lists the tags that there are"};
}

Result<void> exclude(std::vector<model::CaseText> &cases, const std::vector<std::string> &globs)
{
	for (const std::string &glob : globs) {
		const auto before = cases.size();
		std::erase_if(cases, [&](const model::CaseText &c) { return ::fnmatch(glob.c_str(), c.parsed.name.c_str(), 0) == 0; });
		if (cases.size() == before)
			return Error{"--exclude: none of the cases matches \"" + glob + "\"; \"exit24 run --list\" lists them"};
	}
	if (cases.empty())
		return Error{"--exclude: no case is left"};
	return {};
}

} // namespace

Result<std::vector<model::CaseText>> select_cases(const std::string &folder, const std::vector<std::string> &globs,
						  const std::vector<std::string> &tags, const std::vector<std::string> &without)
{
	auto cases = load_cases(folder.empty() ? find_places().cases : folder, globs);
	if (!cases)
		return cases;
	if (auto r = keep_tagged(*cases, tags); !r)
		return r.error();
	if (auto r = exclude(*cases, without); !r)
		return r.error();
	return cases;
}

Result<model::KnownFailures> load_known_failures(const std::string &file, const std::string &cases)
{
	const std::string beside = cases + "/known-failures.json";
	if (file.empty() && ::access(beside.c_str(), F_OK) != 0)
		return model::KnownFailures{};
	const std::string &path = file.empty() ? beside : file;
	const auto text = read_file(path, 1 << 20);
	if (!text)
		return text.error();
	auto list = model::parse_known_failures(path, *text);
	if (!list)
		return list;
	const auto names = case_names(cases);
	if (!names)
		return names.error();
	for (std::size_t i = 0; i < list->size(); i++)
		if (!std::binary_search(names->begin(), names->end(), (*list)[i].name))
			return Error{path + " at /known_failures/" + std::to_string(i) + "/case: there is no case \"" +
				     (*list)[i].name + "\" in " + cases + "; take the entry off the list"};
	return list;
}

Result<model::Guests> load_guests(const std::string &folder, const std::vector<model::CaseText> &cases)
{
	std::set<std::string> names = {"psci_call"}; // the agent probes SMC with it
	model::Guests guests;
	for (const model::CaseText &c : cases) {
		for (const model::VcpuSpec &vcpu : c.parsed.vcpus) {
			if (!guests.contains(vcpu.guest)) {
				auto guest = model::load_guest(folder, vcpu.guest);
				if (!guest)
					return Error{c.file + " at /vcpus/" + std::to_string(&vcpu - c.parsed.vcpus.data()) +
							     "/guest: " + guest.error().what, guest.error().code};
				guests[vcpu.guest] = std::move(*guest);
			}
			names.erase(vcpu.guest);
		}
		if (auto r = model::check_guests(c.parsed, guests, c.file); !r)
			return r.error();
	}
	for (const std::string &name : names) {
		auto guest = model::load_guest(folder, name);
		if (!guest)
			return guest.error();
		guests[name] = std::move(*guest);
	}
	return guests;
}

Result<void> check_writable(const std::string &file)
{
	struct stat st = {};
	if (::stat(file.c_str(), &st) == 0 && S_ISDIR(st.st_mode))
		return Error{"cannot write " + file + ": it is a directory"};
	const bool exists = ::lstat(file.c_str(), &st) == 0;
	if (exists && !S_ISREG(st.st_mode)) {
		UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0666));
		return fd.valid() || errno == ENXIO ? Result<void>() : system_error("cannot write " + file, errno);
	}
	const std::string probe = file + ".new";
	UniqueFd fd(::open(probe.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
	if (!fd.valid())
		return system_error("cannot write " + file, errno);
	::unlink(probe.c_str());
	return {};
}

} // namespace exit24::cli
