// SPDX-License-Identifier: GPL-2.0-only
#include "abi/uapi_facts.hpp"
#include "base/file.hpp"
#include "cli/declarations.hpp"
#include "cli/headers.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"
#include "machine/process.hpp"
#include "machine/scratch.hpp"
#include "report/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <map>

namespace exit24::cli {

namespace {

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
	const std::string fallback =
		found == headers.files.end() ? std::string(header) : headers.shorter(found->second);
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
			if (words.starts_with(name) &&
			    (words.size() == name.size() || !is_word(words[name.size()])))
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
	std::map<std::string, std::string>
		layout; ///< "struct kvm_run: exit_reason" to "offset 8, 4 bytes"
	std::size_t wrong = 0;
	std::string summary;
};

class Report {
public:
	Report(Terminal &terminal, bool all) : terminal_(&terminal), all_(all) {}
	/// Prints nothing, and keeps what is wrong.
	explicit Report(std::vector<std::string> &wrong) : wrong_(&wrong) {}

	void line(const char *word, const std::string &text)
	{
		if (terminal_)
			terminal_->print(fmt::format("{:>8}  {}\n", word, report::harmless(text)));
		else if (std::string_view(word) == "WRONG")
			wrong_->push_back(report::harmless(text));
	}
	void heading(const std::string &text)
	{
		if (terminal_)
			terminal_->print(terminal_->bold(report::harmless(text)) + "\n");
	}
	bool all() const { return all_; }

private:
	Terminal *terminal_ = nullptr;
	std::vector<std::string> *wrong_ = nullptr;
	bool all_ = false;
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
std::string judge(const Survey &survey, const abi::FactGroup &group, const abi::Fact &fact,
		  const Answer &answer)
{
	const Headers &headers = survey.headers;
	if (answer.value)
		return fmt::format("{} is {}, and {} in every release{}: {}", fact.name,
				   number(*answer.value), number(fact.value), rule(fact.rule),
				   place_of(headers, fact.name, group.header));
	if (survey.macros.contains(fact.name))
		return fmt::format("{} must be {}, and is no number{}: {}: {}", fact.name,
				   number(fact.value), rule(fact.rule),
				   place_of(headers, fact.name, group.header), answer.why);
	const bool always = fact.by == abi::Release{};
	if (!always && (!headers.release || *headers.release < fact.by))
		return "";
	return fmt::format("{} is gone, and {} has it{}: {}", subject(fact),
			   always ? "every release" : release(fact.by), rule(fact.rule),
			   headers.shorter(headers.files.at(std::string(group.header))));
}

/// Whether one of `names` is `name` or has it as its member.
bool mentioned(const std::vector<std::string> &names, const std::string &name)
{
	return std::any_of(names.begin(), names.end(), [&](const std::string &n) {
		return n == name || name.ends_with(" of " + n);
	});
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
		std::vector<std::string> missing, came,
			lines; // what both the offset and the size would say, once
		for (const abi::Fact &fact : group.facts) {
			const Answer &answer = (*answers)[i++];
			if (answer.value == fact.value) {
				here++;
				if (report.all())
					report.line("ok", fmt::format("{}: {}{}", fact.name,
								      number(fact.value),
								      rule(fact.rule)));
			} else if (const std::string what = judge(survey, group, fact, answer);
				   !what.empty()) {
				survey.wrong++;
				if (std::find(lines.begin(), lines.end(), what) == lines.end())
					lines.push_back(what);
			} else {
				absent++;
				if (!mentioned(missing, subject(fact))) {
					missing.push_back(subject(fact));
					came.push_back(release(fact.by));
				}
			}
		}
		held += here;
		if (here > 0 && !report.all())
			report.line("ok", fmt::format("{}: {} of {}", group.title, here,
						      group.facts.size()));
		for (std::size_t n = 0; n < missing.size(); n++)
			report.line("absent", missing[n] + ", which came by " + came[n]);
		for (const std::string &text : lines)
			report.line("WRONG", text);
	}
	survey.summary =
		fmt::format("{} facts: {} hold, {} absent{}", expressions.size(), held, absent,
			    survey.headers.release || absent == 0
				    ? ""
				    : " (of what release this is they do not say)");
	return {};
}

/// Two names for one number: a new reason put where an old one is.
void check_numberings(Survey &survey, Report &report)
{
	for (const abi::Numbering &numbering : abi::uapi_numberings())
		for (const auto &[name, value] : survey.numbers) {
			const auto is_it = [&name = name](const abi::Name &n) {
				// KVM_EXIT_IO_IN is about KVM_EXIT_IO, and no reason of its own
				return n.name == name ||
				       name.starts_with(std::string(n.name) + "_");
			};
			const auto macro = survey.macros.find(name);
			if (!name.starts_with(numbering.prefix) ||
			    name.find("_FLAG_") != std::string::npos ||
			    std::any_of(numbering.taken.begin(), numbering.taken.end(), is_it) ||
			    (macro != survey.macros.end() &&
			     survey.macros.contains(macro->second.body))) // an alias
				continue;
			const auto owner = abi::name_of(numbering.taken, value);
			if (!owner)
				continue;
			survey.wrong++;
			report.line("WRONG",
				    fmt::format("{} has the number {}, which is {}'s{}: {}", name,
						number(value), *owner, rule(numbering.rule),
						place_of(survey.headers, name, numbering.header)));
		}
}

/// A C and a C++ program that include the headers, and names of theirs that no program can use.
Result<void> check_users(const Compiler &compiler, Survey &survey, Report &report)
{
	for (const std::string language : {"c", "c++"}) {
		const auto trouble = compiler.compile(
			survey.headers, language,
			std::string(includes) + "struct kvm_run exit24_run;\n", {"-fsyntax-only"});
		if (!trouble)
			return trouble.error();
		const std::string name = language == "c" ? "C" : "C++";
		if (trouble->empty()) {
			report.line(
				"ok",
				fmt::format(
					"a {} program with <linux/kvm.h> and <linux/psci.h> compiles",
					name));
			survey.compiles = survey.compiles || language == "c";
		} else {
			survey.wrong++;
			report.line(
				"WRONG",
				fmt::format(
					"a {} program with <linux/kvm.h> and <linux/psci.h> does not compile: {}",
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
	const Declarations declarations = parse_declarations(*text);

	std::vector<std::string> names(declarations.enumerators.begin(),
				       declarations.enumerators.end());
	for (const auto &[name, macro] : survey.macros)
		if (!macro.has_arguments && !macro.body.empty() &&
		    !declarations.enumerators.contains(name))
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
		const Answer &first = (*answers)[names.size() + 2 * i],
			     &second = (*answers)[names.size() + 2 * i + 1];
		if (!first.value)
			continue;
		std::string what = fmt::format("{} bytes", *first.value);
		if (!places[i].path.empty())
			what = fmt::format("offset {}", *first.value) +
			       (second.value ? fmt::format(", {} bytes", *second.value) : "");
		survey.layout[places[i].type +
			      (places[i].path.empty() ? "" : ": " + places[i].path)] = what;
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
		report.line(
			"review",
			fmt::format("{} is of no use to a program: {}: {}{}", names[i],
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
	const auto reviewed = review_names(compiler, survey, report);
	if (!reviewed)
		return reviewed.error();
	report.line("", fmt::format("{}, {} wrong, {} to review", survey.summary, survey.wrong,
				    *reviewed));
	if (survey.wrong > 0)
		report.line("mend",
			    "put the old numbers and places back, and new names behind them: "
			    "programs that are already compiled have them");
	return survey;
}

/// Whether the struct of a member, "struct kvm_run: exit_reason", is not in `layout`: it says enough.
template <typename Value>
bool has_no_struct(const std::map<std::string, Value> &layout, const std::string &member)
{
	const auto colon = member.find(": ");
	return colon != std::string::npos && !layout.contains(member.substr(0, colon));
}

/// Prints what differs, and returns how much.
template <typename Value, typename Words>
std::size_t differences(Report &report, const std::map<std::string, Value> &a,
			const std::map<std::string, Value> &b, Words words)
{
	std::size_t count = 0;
	for (const auto &[name, value] : a) {
		const auto other = b.find(name);
		if (other == b.end()) {
			if (has_no_struct(b, name))
				continue;
			report.line("gone",
				    fmt::format("{}: {} in A, not in B", name, words(value)));
			count++;
		} else if (other->second != value) {
			report.line("changed", fmt::format("{}: {} in A, {} in B", name,
							   words(value), words(other->second)));
			count++;
		}
	}
	for (const auto &[name, value] : b)
		if (!a.contains(name) && !has_no_struct(a, name)) {
			report.line("new",
				    fmt::format("{}: not in A, {} in B", name, words(value)));
			count++;
		}
	return count;
}

void compare(const Survey &a, const Survey &b, Report &report)
{
	report.heading("A is " + a.headers.name() + ", B is " + b.headers.name());
	std::size_t count = differences(report, a.numbers, b.numbers, number);
	count += differences(report, a.layout, b.layout,
			     [](const std::string &text) { return text; });
	// macros without a number: with arguments, or for other architectures
	const auto bodies = [](const Survey &of, const Survey &other) {
		std::map<std::string, std::string> found;
		for (const auto &[name, macro] : of.macros)
			if (!of.numbers.contains(name) && !other.numbers.contains(name))
				found[name + (macro.has_arguments ? "()" : "")] = macro.body;
		return found;
	};
	count += differences(report, bodies(a, b), bodies(b, a), [](const std::string &body) {
		return body.empty() ? "empty" : "\"" + body + "\"";
	});
	report.line("", count == 0 ? "no difference"
				   : fmt::format("{} difference{}", count, count == 1 ? "" : "s"));
}

} // namespace

/// What the compiler says is read back, and it takes headers from nowhere else.
static void set_environment()
{
	::setenv("LC_ALL", "C", 1);
	for (const char *name : {"CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH",
				 "DEPENDENCIES_OUTPUT", "SUNPRO_DEPENDENCIES"})
		::unsetenv(name);
}

Result<std::vector<std::string>> wrong_numbers(const std::string &tree)
{
	set_environment();
	const auto scratch = machine::Scratch::create();
	if (!scratch)
		return scratch.error();
	auto headers = find_headers(tree, scratch->path("a"));
	if (!headers)
		return headers.error();
	const auto compiler = Compiler::create(*scratch);
	if (!compiler)
		return compiler.error();
	std::vector<std::string> wrong;
	Report report(wrong);
	auto survey = examine(*compiler, std::move(*headers), report);
	if (!survey)
		return survey.error();
	return wrong;
}

int uapi(const UapiOptions &options)
{
	set_environment();
	std::signal(SIGPIPE, SIG_IGN); // "| head" must not keep us from removing the folder
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
			return fail(2, report::harmless(headers.error().what));
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
			return machine::interrupted()
				       ? 130
				       : fail(3, report::harmless(survey.error().what));
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
