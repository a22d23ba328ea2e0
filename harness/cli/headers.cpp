// SPDX-License-Identifier: GPL-2.0-only
#include "cli/headers.hpp"

#include "base/file.hpp"
#include "machine/process.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <filesystem>
#include <sys/utsname.h>
#include <thread>

namespace exit24::cli {

namespace fs = std::filesystem;

namespace {

constexpr auto compile_limit = std::chrono::seconds(60);

constexpr std::string_view probe_file = "exit24-probe";

/// Which probes, one in each line of `probe_file`, the compiler complains about, and what it says.
std::map<std::size_t, std::string> complaints(const std::string &text)
{
	std::map<std::size_t, std::string> found;
	std::string last;
	for (std::size_t at = 0; at < text.size();) {
		const auto end = std::min(text.find('\n', at), text.size());
		const std::string line = text.substr(at, end - at);
		at = end + 1;
		if (const auto error = line.find(" error: "); error != std::string::npos)
			last = line.substr(error + 8);
		std::size_t number = 0;
		const std::size_t skip = probe_file.size() + 1;
		if (line.starts_with(probe_file) && line.size() > skip &&
		    std::from_chars(line.data() + skip, line.data() + line.size(), number).ec ==
			    std::errc() &&
		    number > 0)
			found.try_emplace(number - 1, last);
	}
	return found;
}

bool is_file(const std::string &path)
{
	std::error_code ignored;
	return fs::is_regular_file(path, ignored);
}

/// The number behind `key` at the start of a line of a Makefile or header.
std::optional<unsigned> number_after(const std::string &text, const std::string &key)
{
	for (std::size_t at = text.find(key); at != std::string::npos;
	     at = text.find(key, at + 1)) {
		if (at > 0 && text[at - 1] != '\n')
			continue;
		const auto digit = text.find_first_not_of(" \t=", at + key.size());
		unsigned number = 0;
		if (digit != std::string::npos &&
		    std::from_chars(text.data() + digit, text.data() + text.size(), number).ec ==
			    std::errc())
			return number;
	}
	return std::nullopt;
}

void read_release(Headers &headers, const std::string &file, const char *version,
		  const char *patchlevel, const char *sublevel)
{
	const auto text = read_file(file, 1 << 22);
	if (!text)
		return;
	const auto first = number_after(*text, version), second = number_after(*text, patchlevel);
	const auto third = number_after(*text, sublevel);
	if (!first || !second)
		return;
	headers.release = abi::Release{*first, *second};
	headers.release_text =
		fmt::format("{}.{}", *first, *second) + (third ? fmt::format(".{}", *third) : "");
}

/// A kernel tree's headers are not fit for programs yet: what scripts/headers_install.sh strips, and the headers that
/// the build generates, get stand-ins in `scratch`.
Result<Headers> raw_tree(const std::string &tree, const std::string &scratch)
{
	const std::string generic = tree + "/include/uapi/",
			  arch = tree + "/arch/arm64/include/uapi/";
	Headers headers = {.given = tree, .kind = "a kernel tree"};
	headers.files = {{"linux/kvm.h", generic + "linux/kvm.h"},
			 {"asm/kvm.h", arch + "asm/kvm.h"},
			 {"linux/psci.h", generic + "linux/psci.h"}};
	for (const auto &file : headers.files)
		if (!is_file(file.second))
			return Error{"there is no " + file.second + "; is " + tree +
				     " a whole kernel tree with arm64?"};
	std::error_code error;
	fs::create_directories(scratch + "/linux", error);
	fs::create_directories(scratch + "/asm", error);
	for (const char *name : {"/linux/compiler.h", "/linux/compiler_types.h"})
		if (auto r = write_file(scratch + name, ""); !r)
			return r.error();
	for (auto it = fs::directory_iterator(generic + "asm-generic", error);
	     !error && it != fs::end(it); it.increment(error)) {
		const std::string name = it->path().filename();
		if (!name.ends_with(".h") || is_file(arch + "asm/" + name))
			continue;
		if (auto r = write_file(scratch + "/asm/" + name,
					"#include <asm-generic/" + name + ">\n");
		    !r)
			return r.error();
	}
	headers.flags = {"-I" + arch,
			 "-I" + generic,
			 "-I" + scratch,
			 "-D__user=",
			 "-D__force=",
			 "-D__iomem=",
			 "-D__packed=__attribute__((packed))",
			 "-D__EXPORTED_HEADERS__"};
	read_release(headers, tree + "/Makefile", "VERSION", "PATCHLEVEL", "SUBLEVEL");
	return headers;
}

/// `folder` has linux/kvm.h; asm/ is beside it or, as Debian has it, one folder further down.
Result<Headers> installed(const std::string &given, const std::string &folder)
{
	Headers headers = {.given = given, .kind = "installed headers"};
	std::string arch = folder;
	if (!is_file(arch + "/asm/kvm.h"))
		arch += "/aarch64-linux-gnu";
	headers.files = {{"linux/kvm.h", folder + "/linux/kvm.h"},
			 {"asm/kvm.h", arch + "/asm/kvm.h"},
			 {"linux/psci.h", folder + "/linux/psci.h"}};
	const auto text = read_file(headers.files["asm/kvm.h"]);
	if (!text)
		return Error{
			"there is neither " + folder + "/asm/kvm.h nor " + arch +
			"/asm/kvm.h; give the folder that make headers_install ARCH=arm64 has written to"};
	if (text->find("KVM_REG_ARM64") == std::string::npos)
		return Error{
			headers.files["asm/kvm.h"] +
			" is not arm64's; give the folder that make headers_install ARCH=arm64 has written to"};
	if (!is_file(headers.files["linux/psci.h"]))
		return Error{
			"there is no " + headers.files["linux/psci.h"] +
			"; give the folder that make headers_install ARCH=arm64 has written to"};
	headers.flags = {"-I" + folder, "-I" + arch};
	read_release(headers, folder + "/linux/version.h", "#define LINUX_VERSION_MAJOR",
		     "#define LINUX_VERSION_PATCHLEVEL", "#define LINUX_VERSION_SUBLEVEL");
	return headers;
}

} // namespace

std::string Headers::shorter(std::string text) const
{
	const std::string folder = given + (given.ends_with('/') ? "" : "/");
	for (std::size_t at = 0; (at = text.find(folder, at)) != std::string::npos;) {
		if (at == 0 || text[at - 1] == ' ')
			text.erase(at, folder.size());
		else
			at++;
	}
	return text;
}

Result<Headers> find_headers(const std::string &given, const std::string &scratch)
{
	if (given.empty())
		return Error{"the name of the kernel tree or header folder is empty"};
	if (is_file(given + "/include/uapi/linux/kvm.h"))
		return raw_tree(given, scratch);
	for (const std::string &folder : {given, given + "/include"})
		if (is_file(folder + "/linux/kvm.h"))
			return installed(given, folder);
	return Error{
		given +
		" has neither include/uapi/linux/kvm.h, as a kernel tree, nor linux/kvm.h, as installed "
		"headers; give a folder that has one"};
}

std::string first_error(const std::string &text)
{
	for (std::size_t at = 0; at < text.size();) {
		const auto end = std::min(text.find('\n', at), text.size());
		const std::string line = text.substr(at, end - at);
		at = end + 1;
		for (const std::string mark : {": fatal error: ", ": error: "}) {
			const auto found = line.find(mark);
			if (found == std::string::npos)
				continue;
			std::string place = line.substr(0, found);
			if (const auto column = place.rfind(':');
			    column != std::string::npos &&
			    place.find_first_not_of("0123456789", column + 1) ==
				    std::string::npos &&
			    place.rfind(':', column - 1) != std::string::npos)
				place.resize(column);
			return place + ": " + line.substr(found + mark.size());
		}
	}
	return text.substr(0, text.find('\n'));
}

Result<Compiler> Compiler::create(const machine::Scratch &scratch)
{
	utsname names = {};
	::uname(&names);
	std::vector<std::string> prefixes = {"aarch64-linux-gnu-"};
	if (std::string(names.machine) == "aarch64")
		prefixes.insert(prefixes.begin(), "");
	for (const std::string &prefix : prefixes) {
		const auto c = machine::find_program(prefix + "gcc"),
			   cxx = machine::find_program(prefix + "g++");
		if (c && cxx)
			return Compiler(*c, *cxx, scratch.folder());
	}
	const std::string &prefix = prefixes.front();
	return Error{"there is no " + prefix + "gcc or no " + prefix +
		     "g++ in PATH to compile the headers with; sudo apt-get install " +
		     (prefix.empty() ? "g++" : "g++-aarch64-linux-gnu")};
}

Result<std::string> Compiler::compile(const Headers &headers, const std::string &language,
				      const std::string &source,
				      const std::vector<std::string> &flags) const
{
	const std::string file = folder_ + "/source", log = folder_ + "/log";
	if (auto r = write_file(file, source); !r)
		return r.error();
	std::vector<std::string> arguments = {"-x",
					      language,
					      "-nostdinc",
					      "-O0",
					      "-w",
					      "-fdiagnostics-color=never",
					      "-fno-diagnostics-show-caret"};
	arguments.insert(arguments.end(), headers.flags.begin(), headers.flags.end());
	arguments.insert(arguments.end(), flags.begin(), flags.end());
	arguments.push_back(file);
	const std::string &program = language == "c" ? c_ : cxx_;
	auto process = machine::Process::start(program, arguments, log);
	if (!process)
		return process.error();
	const auto end = std::chrono::steady_clock::now() + compile_limit;
	while (process->running()) {
		if (machine::interrupted())
			return Error{"interrupted"};
		if (std::chrono::steady_clock::now() > end)
			return Error{fmt::format("{} did not end within {} s", program,
						 compile_limit.count())};
		std::this_thread::sleep_for(std::chrono::milliseconds(2));
	}
	auto text = read_file(log);
	if (text && process->failed() && text->find("error: ") == std::string::npos)
		return Error{program + " ended with " + process->how_it_ended() + ": " +
			     text->substr(0, text->find('\n'))};
	if (text && !process->failed())
		return std::string();
	return text;
}

Result<std::string> Compiler::output(const Headers &headers, const std::string &source,
				     const std::vector<std::string> &flags) const
{
	const std::string file = folder_ + "/output";
	std::vector<std::string> all = flags;
	all.insert(all.end(), {"-o", file});
	auto trouble = compile(headers, "c", source, all);
	if (!trouble)
		return trouble.error();
	if (!trouble->empty())
		return Error{first_error(*trouble)};
	return read_file(file);
}

Result<std::vector<Answer>> Compiler::evaluate(const Headers &headers,
					       const std::vector<std::string> &expressions,
					       std::string_view prologue) const
{
	const std::string file = folder_ + "/assembly";
	std::vector<Answer> answers(expressions.size());
	// A compiler reports what does not parse, and only without that what is no constant: a few rounds do.
	for (unsigned round = 0; round < 10; round++) {
		std::string source =
			fmt::format("{}{}#line 1 \"{}\"\n", includes, prologue, probe_file);
		for (std::size_t i = 0; i < expressions.size(); i++) {
			if (answers[i].why.empty())
				source += fmt::format(
					"void exit24_{0}(void) {{ __asm__ volatile(\"\\n.ascii \\\"exit24 {0} "
					"%0\\\"\" : : \"i\" ((long long)({1}))); }}",
					i, expressions[i]);
			source += '\n';
		}
		auto trouble = compile(headers, "c", source, {"-S", "-o", file});
		if (!trouble)
			return trouble.error();
		if (!trouble->empty()) {
			const auto found = complaints(*trouble);
			if (found.empty() || found.rbegin()->first >= answers.size())
				return Error{first_error(*trouble)};
			for (const auto &[probe, why] : found)
				answers[probe].why = why.empty() ? "it does not compile" : why;
			continue;
		}
		const auto assembly = read_file(file);
		if (!assembly)
			return assembly.error();
		const std::string mark = ".ascii \"exit24 ";
		for (std::size_t at = 0; (at = assembly->find(mark, at)) != std::string::npos;) {
			at += mark.size();
			const char *end = assembly->data() + assembly->size();
			std::size_t probe = 0;
			std::int64_t value = 0;
			auto r = std::from_chars(assembly->data() + at, end, probe);
			while (r.ptr != end && (*r.ptr == ' ' || *r.ptr == '#' || *r.ptr == '$'))
				r.ptr++;
			r = std::from_chars(r.ptr, end, value);
			if (probe < answers.size() && r.ec == std::errc() && r.ptr != end &&
			    *r.ptr == '"')
				answers[probe].value = static_cast<std::uint64_t>(value);
		}
		for (Answer &a : answers)
			if (!a.value && a.why.empty())
				a.why = "it is no number";
		return answers;
	}
	return Error{"the compiler finds new errors again and again in " +
		     headers.files.at("linux/kvm.h")};
}

Result<std::map<std::size_t, std::string>>
Compiler::refused(const Headers &headers, const std::vector<std::string> &expressions) const
{
	std::string source = fmt::format("{}#line 1 \"{}\"\n", includes, probe_file);
	for (std::size_t i = 0; i < expressions.size(); i++)
		source += fmt::format("void exit24_{}() {{ (void)({}); }}\n", i, expressions[i]);
	auto trouble = compile(headers, "c++", source, {"-fsyntax-only"});
	if (!trouble)
		return trouble.error();
	return complaints(*trouble);
}

} // namespace exit24::cli
