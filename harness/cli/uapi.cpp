// SPDX-License-Identifier: GPL-2.0-only
#include "abi/uapi_facts.hpp"
#include "base/file.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"
#include "machine/process.hpp"
#include "machine/scratch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <sys/utsname.h>
#include <thread>

namespace exit24::cli {

namespace fs = std::filesystem;

namespace {

constexpr auto compile_limit = std::chrono::seconds(60);

/// The user headers of one kernel: a source tree, or a folder in which they are installed.
struct Headers {
	std::string given; ///< as typed
	std::string kind;  ///< "a kernel tree" or "installed headers"
	std::map<std::string, std::string, std::less<>> files; ///< "linux/kvm.h" to its path
	std::vector<std::string> flags; ///< for the compiler
	std::optional<abi::Release> release;
	std::string release_text;

	std::string name() const
	{
		return given + (release_text.empty() ? "" : " (" + release_text + ")");
	}
	/// A path, or what a compiler says of one, without the folder that all of them are in.
	std::string shorter(std::string text) const
	{
		const std::string folder = given + (given.ends_with('/') ? "" : "/");
		for (std::size_t at = 0; (at = text.find(folder, at)) != std::string::npos;)
			text.erase(at, folder.size());
		return text;
	}
};

bool is_file(const std::string &path)
{
	std::error_code ignored;
	return fs::is_regular_file(path, ignored);
}

/// The number behind `key` at the start of a line of a Makefile or header.
std::optional<unsigned> number_after(const std::string &text, const std::string &key)
{
	for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key, at + 1)) {
		if (at > 0 && text[at - 1] != '\n')
			continue;
		const auto digit = text.find_first_not_of(" \t=", at + key.size());
		unsigned number = 0;
		if (digit != std::string::npos &&
		    std::from_chars(text.data() + digit, text.data() + text.size(), number).ec == std::errc())
			return number;
	}
	return std::nullopt;
}

void read_release(Headers &headers, const std::string &file, const char *version, const char *patchlevel,
		  const char *sublevel)
{
	const auto text = read_file(file, 1 << 22);
	if (!text)
		return;
	const auto first = number_after(*text, version), second = number_after(*text, patchlevel);
	const auto third = number_after(*text, sublevel);
	if (!first || !second)
		return;
	headers.release = abi::Release{*first, *second};
	headers.release_text = fmt::format("{}.{}", *first, *second) + (third ? fmt::format(".{}", *third) : "");
}

/// A kernel tree's headers are not fit for programs yet: what scripts/headers_install.sh strips, and the headers that
/// the build generates, get stand-ins in `scratch`.
Result<Headers> raw_tree(const std::string &tree, const std::string &scratch)
{
	const std::string generic = tree + "/include/uapi/", arch = tree + "/arch/arm64/include/uapi/";
	Headers headers = {.given = tree, .kind = "a kernel tree"};
	headers.files = {{"linux/kvm.h", generic + "linux/kvm.h"},
			 {"asm/kvm.h", arch + "asm/kvm.h"},
			 {"linux/psci.h", generic + "linux/psci.h"}};
	for (const auto &file : headers.files)
		if (!is_file(file.second))
			return Error{"there is no " + file.second + "; is " + tree + " a whole kernel tree with arm64?"};
	std::error_code error;
	fs::create_directories(scratch + "/linux", error);
	fs::create_directories(scratch + "/asm", error);
	for (const char *name : {"/linux/compiler.h", "/linux/compiler_types.h"})
		if (auto r = write_file(scratch + name, ""); !r)
			return r.error();
	for (auto it = fs::directory_iterator(generic + "asm-generic", error); !error && it != fs::end(it);
	     it.increment(error)) {
		const std::string name = it->path().filename();
		if (!name.ends_with(".h") || is_file(arch + "asm/" + name))
			continue;
		if (auto r = write_file(scratch + "/asm/" + name, "#include <asm-generic/" + name + ">\n"); !r)
			return r.error();
	}
	headers.flags = {"-I" + arch, "-I" + generic, "-I" + scratch, "-D__user=", "-D__force=", "-D__iomem=",
			 "-D__packed=__attribute__((packed))", "-D__EXPORTED_HEADERS__"};
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
		return Error{"there is neither " + folder + "/asm/kvm.h nor " + arch +
			     "/asm/kvm.h; give the folder that make headers_install ARCH=arm64 has written to"};
	if (text->find("KVM_REG_ARM64") == std::string::npos)
		return Error{headers.files["asm/kvm.h"] +
			     " is not arm64's; give the folder that make headers_install ARCH=arm64 has written to"};
	if (!is_file(headers.files["linux/psci.h"]))
		return Error{"there is no " + headers.files["linux/psci.h"] +
			     "; give the folder that make headers_install ARCH=arm64 has written to"};
	headers.flags = {"-I" + folder, "-I" + arch};
	read_release(headers, folder + "/linux/version.h", "#define LINUX_VERSION_MAJOR", "#define LINUX_VERSION_PATCHLEVEL",
		     "#define LINUX_VERSION_SUBLEVEL");
	return headers;
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
	return Error{given + " has neither include/uapi/linux/kvm.h, as a kernel tree, nor linux/kvm.h, as installed "
			     "headers; give a folder that has one"};
}

/// The first line of `text` with a compiler's error, "kvm.h:12: unknown type name '__u65'".
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
			if (const auto column = place.rfind(':'); column != std::string::npos &&
			    place.find_first_not_of("0123456789", column + 1) == std::string::npos &&
			    place.rfind(':', column - 1) != std::string::npos)
				place.resize(column);
			return place + ": " + line.substr(found + mark.size());
		}
	}
	return text.substr(0, text.find('\n'));
}

/// What a constant expression came to, or why it is none.
struct Answer {
	std::optional<std::uint64_t> value;
	std::string why;
};

/// Compiles against headers and never runs what comes out: numbers are read from the assembly, as the kernel
/// itself does for its asm-offsets.h. An Error is the compiler's own trouble, never the headers'.
class Compiler {
public:
	static Result<Compiler> create(const machine::Scratch &scratch);

	/// Compiles `source` as "c" or "c++" with more flags; what went wrong, "" if it compiles.
	Result<std::string> compile(const Headers &headers, const std::string &language, const std::string &source,
				    const std::vector<std::string> &flags) const;
	/// What the compiler prints into a file with these flags.
	Result<std::string> output(const Headers &headers, const std::string &source,
				   const std::vector<std::string> &flags) const;
	Result<std::vector<Answer>> evaluate(const Headers &headers, const std::vector<std::string> &expressions,
					     std::string_view prologue) const;
	/// Why a C++ program cannot use these expressions, by their places in the list.
	Result<std::map<std::size_t, std::string>> refused(const Headers &headers,
							   const std::vector<std::string> &expressions) const;

private:
	Compiler(std::string c, std::string cxx, std::string folder)
		: c_(std::move(c)), cxx_(std::move(cxx)), folder_(std::move(folder))
	{
	}
	std::string c_, cxx_, folder_;
};

constexpr std::string_view includes = "#include <linux/kvm.h>\n#include <linux/psci.h>\n";
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
		    std::from_chars(line.data() + skip, line.data() + line.size(), number).ec == std::errc() && number > 0)
			found.try_emplace(number - 1, last);
	}
	return found;
}

Result<Compiler> Compiler::create(const machine::Scratch &scratch)
{
	utsname names = {};
	::uname(&names);
	std::vector<std::string> prefixes = {"aarch64-linux-gnu-"};
	if (std::string(names.machine) == "aarch64")
		prefixes.insert(prefixes.begin(), "");
	for (const std::string &prefix : prefixes) {
		const auto c = machine::find_program(prefix + "gcc"), cxx = machine::find_program(prefix + "g++");
		if (c && cxx)
			return Compiler(*c, *cxx, scratch.folder());
	}
	const std::string &prefix = prefixes.front();
	return Error{"there is no " + prefix + "gcc or no " + prefix +
		     "g++ in PATH to compile the headers with; sudo apt-get install " +
		     (prefix.empty() ? "g++" : "g++-aarch64-linux-gnu")};
}

Result<std::string> Compiler::compile(const Headers &headers, const std::string &language, const std::string &source,
				      const std::vector<std::string> &flags) const
{
	const std::string file = folder_ + "/source", log = folder_ + "/log";
	if (auto r = write_file(file, source); !r)
		return r.error();
	std::vector<std::string> arguments = {"-x", language, "-nostdinc", "-O0", "-w", "-fdiagnostics-color=never",
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
			return Error{fmt::format("{} did not end within {} s", program, compile_limit.count())};
		std::this_thread::sleep_for(std::chrono::milliseconds(2));
	}
	auto text = read_file(log);
	if (text && process->failed() && text->find("error: ") == std::string::npos)
		return Error{program + " ended with " + process->how_it_ended() + ": " + text->substr(0, text->find('\n'))};
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

Result<std::vector<Answer>> Compiler::evaluate(const Headers &headers, const std::vector<std::string> &expressions,
					       std::string_view prologue) const
{
	const std::string file = folder_ + "/assembly";
	std::vector<Answer> answers(expressions.size());
	// A compiler reports what does not parse, and only without that what is no constant: a few rounds do.
	for (unsigned round = 0; round < 10; round++) {
		std::string source = fmt::format("{}{}#line 1 \"{}\"\n", includes, prologue, probe_file);
		for (std::size_t i = 0; i < expressions.size(); i++) {
			if (answers[i].why.empty())
				source += fmt::format("void exit24_{0}(void) {{ __asm__ volatile(\"\\n.ascii \\\"exit24 {0} "
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
			if (probe < answers.size() && r.ec == std::errc() && r.ptr != end && *r.ptr == '"')
				answers[probe].value = static_cast<std::uint64_t>(value);
		}
		for (Answer &a : answers)
			if (!a.value && a.why.empty())
				a.why = "it is no number";
		return answers;
	}
	return Error{"the compiler finds new errors again and again in " + headers.files.at("linux/kvm.h")};
}

Result<std::map<std::size_t, std::string>> Compiler::refused(const Headers &headers,
							      const std::vector<std::string> &expressions) const
{
	std::string source = fmt::format("{}#line 1 \"{}\"\n", includes, probe_file);
	for (std::size_t i = 0; i < expressions.size(); i++)
		source += fmt::format("void exit24_{}() {{ (void)({}); }}\n", i, expressions[i]);
	auto trouble = compile(headers, "c++", source, {"-fsyntax-only"});
	if (!trouble)
		return trouble.error();
	return complaints(*trouble);
}

bool is_word(char c)
{
	return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

bool is_ours(std::string_view name)
{
	return name.starts_with("KVM_") || name.starts_with("PSCI_");
}

struct Macro {
	std::string body;
	bool has_arguments = false;
};
using Macros = std::map<std::string, Macro>;

/// KVM_* and PSCI_* from what -dM prints.
Macros parse_macros(const std::string &text)
{
	Macros macros;
	const std::string define = "#define ";
	for (std::size_t at = 0; at < text.size();) {
		const auto end = std::min(text.find('\n', at), text.size());
		const std::string line = text.substr(at, end - at);
		at = end + 1;
		if (!line.starts_with(define))
			continue;
		const auto begin = define.size();
		const auto stop = std::min(static_cast<std::size_t>(
						   std::find_if_not(line.begin() + 8, line.end(), is_word) - line.begin()),
					   line.size());
		const std::string name = line.substr(begin, stop - begin);
		if (is_ours(name))
			macros[name] = {line.substr(std::min(stop + 1, line.size())), stop < line.size() && line[stop] == '('};
	}
	return macros;
}

/// Finds the members of struct kvm_* and the names in enums in preprocessed C. What it does not understand it
/// leaves out; the compiler then says where the rest is.
class Declarations {
public:
	explicit Declarations(const std::string &text) : tokens_(split(text))
	{
		while (at_ < tokens_.size()) {
			if (is("enum"))
				enumerators();
			else if ((is("struct") || is("union")) && at_ + 2 < tokens_.size() && tokens_[at_ + 2] == "{" &&
				 tokens_[at_ + 1].starts_with("kvm_")) {
				const std::string type = tokens_[at_] + " " + tokens_[at_ + 1];
				at_ += 3;
				std::vector<std::string> members;
				body("", members);
				structs[type] = std::move(members);
			} else {
				at_++;
			}
		}
	}

	std::map<std::string, std::vector<std::string>> structs;
	std::set<std::string> names;

private:
	static std::vector<std::string> split(const std::string &text)
	{
		std::vector<std::string> tokens;
		for (std::size_t i = 0; i < text.size(); i++) {
			if (std::isspace(static_cast<unsigned char>(text[i])))
				continue;
			const std::size_t start = i;
			while (is_word(text[i]) && i + 1 < text.size() && is_word(text[i + 1]))
				i++;
			tokens.push_back(text.substr(start, i + 1 - start));
		}
		return tokens;
	}

	bool is(const char *token) const { return at_ < tokens_.size() && tokens_[at_] == token; }

	/// From an opening token to behind the closing one.
	void skip(const std::string &open, const std::string &close)
	{
		for (std::size_t depth = 0; at_ < tokens_.size(); at_++) {
			depth += tokens_[at_] == open;
			if (tokens_[at_] == close && --depth == 0) {
				at_++;
				return;
			}
		}
	}

	void enumerators()
	{
		for (at_++; at_ < tokens_.size() && is_word(tokens_[at_][0]);)
			at_++;
		if (!is("{"))
			return;
		bool name = true;
		for (at_++; at_ < tokens_.size() && !is("}"); at_++) {
			if (name && is_ours(tokens_[at_]))
				names.insert(tokens_[at_]);
			name = is(",");
		}
		at_ += at_ < tokens_.size();
	}

	/// The members up to the closing brace, and behind it.
	void body(const std::string &prefix, std::vector<std::string> &members)
	{
		while (at_ < tokens_.size() && !is("}"))
			member(prefix, members);
		at_ += at_ < tokens_.size();
	}

	void member(const std::string &prefix, std::vector<std::string> &members)
	{
		std::vector<std::string> inner; // relative to this member
		bool nested = false;
		std::string name;
		bool array = false, bits = false;
		const auto finish = [&] {
			if (name.empty() && nested) {
				for (const std::string &path : inner)
					members.push_back(prefix + path);
			} else if (!name.empty() && !bits) {
				members.push_back(prefix + name);
				for (const std::string &path : inner)
					if (!array)
						members.push_back(prefix + name + "." + path);
			}
			array = bits = false;
			name.clear();
		};
		while (at_ < tokens_.size() && !is(";") && !is("}")) {
			if (is("__attribute__") || is("__aligned__")) {
				at_++;
				skip("(", ")");
			} else if (is("enum")) {
				enumerators();
			} else if (is("{")) {
				nested = true;
				name.clear(); // the struct's tag
				at_++;
				body("", inner);
			} else if (is("[")) {
				array = true;
				skip("[", "]");
			} else if (is("(")) { // (*function)(arguments)
				at_++;
				while (is("*"))
					at_++;
				if (at_ < tokens_.size() && is_word(tokens_[at_][0]))
					name = tokens_[at_];
				while (at_ < tokens_.size() && !is(")"))
					at_++;
				at_ += at_ < tokens_.size();
				if (is("("))
					skip("(", ")");
			} else if (is(",")) {
				finish();
				at_++;
			} else if (is(":")) {
				bits = true;
				at_++;
			} else {
				if (!bits && is_word(tokens_[at_][0]) && !std::isdigit(static_cast<unsigned char>(tokens_[at_][0])) &&
				    !is("struct") && !is("union"))
					name = tokens_[at_];
				at_++;
			}
		}
		finish();
		at_ += is(";");
	}

	std::vector<std::string> tokens_;
	std::size_t at_ = 0;
};

/// "24", "0x84000008" or "-1"
std::string number(std::uint64_t value)
{
	if (value >> 32 == 0xffffffff)
		return std::to_string(static_cast<std::int64_t>(value));
	return value < 4096 ? std::to_string(value) : fmt::format("{:#x}", value);
}

std::string release(const abi::Release &r)
{
	return fmt::format("{}.{}", r.version, r.patchlevel);
}

/// "include/uapi/linux/kvm.h:432", where a macro is defined, or the header.
std::string place_of(const Headers &headers, const std::string &name, std::string_view header)
{
	const auto found = headers.files.find(header);
	const std::string fallback = found == headers.files.end() ? std::string(header) : headers.shorter(found->second);
	for (const auto &file : headers.files) {
		const auto text = read_file(file.second);
		if (!text)
			continue;
		std::size_t line = 1;
		for (std::size_t at = 0; at < text->size(); line++) {
			const auto end = std::min(text->find('\n', at), text->size());
			std::string_view words = std::string_view(*text).substr(at, end - at);
			at = end + 1;
			const auto define = words.find("define");
			if (define == std::string_view::npos || words.find('#') > define)
				continue;
			words.remove_prefix(define + 6);
			words.remove_prefix(std::min(words.find_first_not_of(" \t"), words.size()));
			if (words.starts_with(name) && (words.size() == name.size() || !is_word(words[name.size()])))
				return fmt::format("{}:{}", headers.shorter(file.second), line);
		}
	}
	return fallback;
}

/// What one kernel's headers say.
struct Survey {
	Headers headers;
	bool compiles = false;
	Macros macros;
	std::map<std::string, std::uint64_t> numbers; ///< of macros and enumerators
	std::map<std::string, std::string> layout;    ///< "struct kvm_run: exit_reason" to "offset 8, 4 bytes"
	std::size_t wrong = 0;
};

class Report {
public:
	Report(Terminal &terminal, bool all) : terminal_(terminal), all_(all) {}

	void line(const char *word, const std::string &text)
	{
		terminal_.print(fmt::format("{:>8}  {}\n", word, text));
	}
	void heading(const std::string &text) { terminal_.print(terminal_.bold(text) + "\n"); }
	bool all() const { return all_; }

private:
	Terminal &terminal_;
	bool all_;
};

std::string rule(std::string_view id)
{
	return id.empty() ? "" : fmt::format(" ({})", id);
}

/// The member or struct that a fact is about, or the constant.
std::string subject(const abi::Fact &fact)
{
	for (const std::string_view word : {"offset of ", "size of "})
		if (fact.name.starts_with(word))
			return fact.name.substr(word.size());
	return fact.name;
}

/// One sentence for a fact that does not hold; "" for one that this kernel is too old for.
std::string judge(const Survey &survey, const abi::FactGroup &group, const abi::Fact &fact, const Answer &answer)
{
	const Headers &headers = survey.headers;
	if (answer.value)
		return fmt::format("{} is {}, and {} in every release{}: {}", fact.name, number(*answer.value),
				   number(fact.value), rule(fact.rule), place_of(headers, fact.name, group.header));
	if (survey.macros.contains(fact.name))
		return fmt::format("{} must be {}, and is no number{}: {}: {}", fact.name, number(fact.value),
				   rule(fact.rule), place_of(headers, fact.name, group.header), answer.why);
	const bool always = fact.by == abi::Release{};
	if (!always && (!headers.release || *headers.release < fact.by))
		return "";
	return fmt::format("{} is gone, and {} has it{}: {}", subject(fact), always ? "every release" : release(fact.by),
			   rule(fact.rule), headers.shorter(headers.files.at(std::string(group.header))));
}

/// Whether one of `names` is `name` or has it as its member.
bool mentioned(const std::vector<std::string> &names, const std::string &name)
{
	return std::any_of(names.begin(), names.end(),
			   [&](const std::string &n) { return n == name || name.ends_with(" of " + n); });
}

Result<void> check_facts(const Compiler &compiler, Survey &survey, Report &report)
{
	const auto groups = abi::uapi_facts();
	std::vector<std::string> expressions;
	for (const abi::FactGroup &group : groups)
		for (const abi::Fact &fact : group.facts)
			expressions.push_back(fact.expression);
	const auto answers = compiler.evaluate(survey.headers, expressions, abi::uapi_prologue);
	if (!answers)
		return answers.error();
	std::size_t i = 0, held = 0, absent = 0;
	for (const abi::FactGroup &group : groups) {
		std::size_t here = 0;
		std::vector<std::string> missing, lines; // what both the offset and the size would say, once
		for (const abi::Fact &fact : group.facts) {
			const Answer &answer = (*answers)[i++];
			if (answer.value == fact.value) {
				here++;
				if (report.all())
					report.line("ok", fmt::format("{}: {}{}", fact.name, number(fact.value), rule(fact.rule)));
			} else if (const std::string what = judge(survey, group, fact, answer); !what.empty()) {
				survey.wrong++;
				if (std::find(lines.begin(), lines.end(), what) == lines.end())
					lines.push_back(what);
			} else {
				absent++;
				if (!mentioned(missing, subject(fact))) {
					missing.push_back(subject(fact));
					report.line("absent", subject(fact) + ", which came by " + release(fact.by));
				}
			}
		}
		held += here;
		if (here > 0 && !report.all())
			report.line("ok", fmt::format("{}: {} of {}", group.title, here, group.facts.size()));
		for (const std::string &text : lines)
			report.line("WRONG", text);
	}
	report.line("", fmt::format("{} facts: {} hold, {} absent{}, {} wrong", expressions.size(), held, absent,
				    survey.headers.release || absent == 0 ? "" : " (of what release this is they do not say)",
				    expressions.size() - held - absent));
	return {};
}

/// Two names for one number: a new reason put where an old one is.
void check_numberings(Survey &survey, Report &report)
{
	for (const abi::Numbering &numbering : abi::uapi_numberings())
		for (const auto &[name, value] : survey.numbers) {
			const auto is_it = [&name = name](const abi::Name &n) {
				// KVM_EXIT_IO_IN is about KVM_EXIT_IO, and no reason of its own
				return n.name == name || name.starts_with(std::string(n.name) + "_");
			};
			const auto macro = survey.macros.find(name);
			if (!name.starts_with(numbering.prefix) || name.find("_FLAG_") != std::string::npos ||
			    std::any_of(numbering.taken.begin(), numbering.taken.end(), is_it) ||
			    (macro != survey.macros.end() && survey.macros.contains(macro->second.body))) // an alias
				continue;
			const auto owner = abi::name_of(numbering.taken, value);
			if (!owner)
				continue;
			survey.wrong++;
			report.line("WRONG", fmt::format("{} has the number {}, which is {}'s{}: {}", name, number(value), *owner,
							 rule(numbering.rule), place_of(survey.headers, name, numbering.header)));
		}
}

/// A C and a C++ program that include the headers, and names of theirs that no program can use.
Result<void> check_users(const Compiler &compiler, Survey &survey, Report &report)
{
	for (const std::string language : {"c", "c++"}) {
		const auto trouble = compiler.compile(survey.headers, language,
						      std::string(includes) + "struct kvm_run exit24_run;\n", {"-fsyntax-only"});
		if (!trouble)
			return trouble.error();
		const std::string name = language == "c" ? "C" : "C++";
		if (trouble->empty()) {
			report.line("ok", fmt::format("a {} program with <linux/kvm.h> and <linux/psci.h> compiles", name));
			survey.compiles = survey.compiles || language == "c";
		} else {
			survey.wrong++;
			report.line("WRONG", fmt::format("a {} program with <linux/kvm.h> and <linux/psci.h> does not compile: {}",
							 name, survey.headers.shorter(first_error(*trouble))));
		}
		if (!survey.compiles)
			return {};
	}
	return {};
}

Result<void> read_names(const Compiler &compiler, Survey &survey)
{
	auto text = compiler.output(survey.headers, std::string(includes), {"-dM", "-E"});
	if (!text)
		return text.error();
	survey.macros = parse_macros(*text);
	text = compiler.output(survey.headers, std::string(includes), {"-E", "-P"});
	if (!text)
		return text.error();
	const Declarations declarations(*text);

	std::vector<std::string> names(declarations.names.begin(), declarations.names.end());
	for (const auto &[name, macro] : survey.macros)
		if (!macro.has_arguments && !macro.body.empty() && !declarations.names.contains(name))
			names.push_back(name);
	std::vector<std::string> expressions = names;
	struct Place {
		std::string type, path;
	};
	std::vector<Place> places;
	for (const auto &[type, members] : declarations.structs) {
		places.push_back({type, ""});
		expressions.push_back("sizeof(" + type + ")");
		expressions.push_back("0");
		for (const std::string &path : members) {
			places.push_back({type, path});
			expressions.push_back("__builtin_offsetof(" + type + ", " + path + ")");
			expressions.push_back("sizeof(((" + type + " *)0)->" + path + ")");
		}
	}
	const auto answers = compiler.evaluate(survey.headers, expressions, "");
	if (!answers)
		return answers.error();
	for (std::size_t i = 0; i < names.size(); i++)
		if ((*answers)[i].value)
			survey.numbers[names[i]] = *(*answers)[i].value;
	for (std::size_t i = 0; i < places.size(); i++) {
		const Answer &first = (*answers)[names.size() + 2 * i], &second = (*answers)[names.size() + 2 * i + 1];
		if (!first.value)
			continue;
		std::string what = fmt::format("{} bytes", *first.value);
		if (!places[i].path.empty())
			what = fmt::format("offset {}", *first.value) +
			       (second.value ? fmt::format(", {} bytes", *second.value) : "");
		survey.layout[places[i].type + (places[i].path.empty() ? "" : ": " + places[i].path)] = what;
	}
	return {};
}

/// Names of the headers that a program cannot use, because they need what only the kernel has.
Result<std::size_t> review_names(const Compiler &compiler, const Survey &survey, Report &report)
{
	std::vector<std::string> names;
	for (const auto &[name, macro] : survey.macros)
		if (!macro.has_arguments && !macro.body.empty())
			names.push_back(name);
	const auto refused = compiler.refused(survey.headers, names);
	if (!refused)
		return refused.error();
	std::size_t count = 0;
	for (const auto &[i, why] : *refused) {
		// ioctls of other architectures take a struct that arm64 does not have
		if (i >= names.size() || why.find("incomplete type") != std::string::npos)
			continue;
		report.line("review", fmt::format("{} is of no use to a program: {}: {}{}", names[i],
						  place_of(survey.headers, names[i], ""), why,
						  why.find("'BIT'") != std::string::npos ? " (SE-HDR-16)" : ""));
		count++;
	}
	return count;
}

Result<Survey> examine(const Compiler &compiler, Headers headers, Report &report)
{
	Survey survey = {.headers = std::move(headers)};
	report.heading(fmt::format("{}, {}", survey.headers.name(), survey.headers.kind));
	if (auto r = check_users(compiler, survey, report); !r)
		return r.error();
	if (!survey.compiles)
		return survey;
	if (auto r = read_names(compiler, survey); !r)
		return r.error();
	if (auto r = check_facts(compiler, survey, report); !r)
		return r.error();
	check_numberings(survey, report);
	if (const auto r = review_names(compiler, survey, report); !r)
		return r.error();
	if (survey.wrong > 0)
		report.line("mend", "put the old numbers and places back, and new names behind them: programs that are "
				    "already compiled have them");
	return survey;
}

/// Whether the struct of a member, "struct kvm_run: exit_reason", is not in `layout`: it says enough.
template <typename Value> bool has_no_struct(const std::map<std::string, Value> &layout, const std::string &member)
{
	const auto colon = member.find(": ");
	return colon != std::string::npos && !layout.contains(member.substr(0, colon));
}

/// Prints what differs, and returns how much.
template <typename Value, typename Words>
std::size_t differences(Report &report, const std::map<std::string, Value> &a, const std::map<std::string, Value> &b,
			Words words)
{
	std::size_t count = 0;
	for (const auto &[name, value] : a) {
		const auto other = b.find(name);
		if (other == b.end()) {
			if (has_no_struct(b, name))
				continue;
			report.line("gone", fmt::format("{}: {} in A, not in B", name, words(value)));
			count++;
		} else if (other->second != value) {
			report.line("changed", fmt::format("{}: {} in A, {} in B", name, words(value), words(other->second)));
			count++;
		}
	}
	for (const auto &[name, value] : b)
		if (!a.contains(name) && !has_no_struct(a, name)) {
			report.line("new", fmt::format("{}: not in A, {} in B", name, words(value)));
			count++;
		}
	return count;
}

void compare(const Survey &a, const Survey &b, Report &report)
{
	report.heading("A is " + a.headers.name() + ", B is " + b.headers.name());
	std::size_t count = differences(report, a.numbers, b.numbers, number);
	count += differences(report, a.layout, b.layout, [](const std::string &text) { return text; });
	// macros without a number: with arguments, or for other architectures
	const auto bodies = [](const Survey &of, const Survey &other) {
		std::map<std::string, std::string> found;
		for (const auto &[name, macro] : of.macros)
			if (!of.numbers.contains(name) && !other.numbers.contains(name))
				found[name + (macro.has_arguments ? "()" : "")] = macro.body;
		return found;
	};
	count += differences(report, bodies(a, b), bodies(b, a),
			     [](const std::string &body) { return body.empty() ? "empty" : "\"" + body + "\""; });
	report.line("", count == 0 ? "no difference" : fmt::format("{} difference{}", count, count == 1 ? "" : "s"));
}

} // namespace

int uapi(const UapiOptions &options)
{
	// What the compiler says is read back, and it takes headers from nowhere else.
	::setenv("LC_ALL", "C", 1);
	for (const char *name : {"CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "DEPENDENCIES_OUTPUT",
				 "SUNPRO_DEPENDENCIES"})
		::unsetenv(name);

	const auto scratch = machine::Scratch::create();
	if (!scratch)
		return fail(3, scratch.error().what);
	std::vector<Headers> all;
	std::vector<std::string> trees = {options.tree};
	if (!options.other.empty())
		trees.push_back(options.other);
	for (const std::string &given : trees) {
		auto headers = find_headers(given, scratch->path(all.empty() ? "a" : "b"));
		if (!headers)
			return fail(2, headers.error().what);
		all.push_back(std::move(*headers));
	}
	const auto compiler = Compiler::create(*scratch);
	if (!compiler)
		return fail(3, compiler.error().what);

	Terminal terminal;
	Report report(terminal, options.all);
	std::vector<Survey> surveys;
	for (Headers &headers : all) {
		auto survey = examine(*compiler, std::move(headers), report);
		if (!survey)
			return machine::interrupted() ? 130 : fail(3, survey.error().what);
		surveys.push_back(std::move(*survey));
	}
	bool good = true;
	for (const Survey &survey : surveys)
		good = good && survey.wrong == 0;
	if (surveys.size() == 2 && surveys[0].compiles && surveys[1].compiles)
		compare(surveys[0], surveys[1], report);
	return good ? 0 : 1;
}

} // namespace exit24::cli
