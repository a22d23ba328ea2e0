// SPDX-License-Identifier: GPL-2.0-only
#include "base/file.hpp"
#include "base/sha256.hpp"
#include "cli/data.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"
#include "machine/process.hpp"
#include "model/citation.hpp"
#include "report/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

namespace exit24::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char *virt_docs = "Documentation/virt/kvm";
constexpr const char *api_doc = "Documentation/virt/kvm/api.rst";

/// How a part of a document is found.
enum class By {
	exit,    ///< what api.rst says behind the struct that a comment calls /* NAME */
	heading, ///< the section whose heading has NAME, with all below it
	item,    ///< a list item, "* NAME:", of the first level
};

/// A part of the documents that the contract is written in.
struct Part {
	std::vector<const char *> docs; ///< where it is, by kernel: the first that the tree has
	By by;
	const char *name;
};

const Part parts[] = {
	{{api_doc}, By::exit, "KVM_EXIT_SYSTEM_EVENT"},
	{{api_doc}, By::heading, "KVM_GET_MP_STATE"},
	{{api_doc}, By::heading, "KVM_SET_MP_STATE"},
	{{api_doc}, By::heading, "KVM_ARM_VCPU_INIT"},
	{{api_doc}, By::heading, "KVM_CAP_ARM_SYSTEM_SUSPEND"},
	{{"Documentation/virt/kvm/arm/fw-pseudo-registers.rst",
	  "Documentation/virt/kvm/arm/hypercalls.rst"},
	 By::item,
	 "KVM_REG_ARM_PSCI_VERSION"},
	{{"Documentation/virt/kvm/arm/fw-pseudo-registers.rst",
	  "Documentation/virt/kvm/arm/hypercalls.rst"},
	 By::heading,
	 "Bitmap Feature Firmware Registers"},
	{{"Documentation/virt/kvm/devices/vm.rst"}, By::heading, "KVM_ARM_VM_SMCCC_CTRL"},
};

std::string hash_of(const std::string &sentence)
{
	return sha256(sentence).substr(0, 12);
}

using Lines = std::vector<std::string>;

Lines split(const std::string &text)
{
	Lines lines;
	std::istringstream in(text);
	for (std::string line; std::getline(in, line);)
		lines.push_back(line);
	return lines;
}

/// In columns; a tab goes to the next multiple of eight. A blank line has none.
std::optional<std::size_t> indentation(const std::string &line)
{
	std::size_t columns = 0;
	for (const char c : line) {
		if (c == '\t')
			columns += 8 - columns % 8;
		else if (c == ' ')
			columns++;
		else
			return columns;
	}
	return std::nullopt;
}

/// The character of a heading's underline: at least three, all alike.
std::optional<char> underline(const std::string &line)
{
	if (line.size() < 3 || std::string("=-~^\"'+*#").find(line[0]) == std::string::npos ||
	    line.find_first_not_of(line[0]) != std::string::npos)
		return std::nullopt;
	return line[0];
}

bool is_heading(const Lines &lines, std::size_t i)
{
	return i + 1 < lines.size() && indentation(lines[i]) == std::size_t{0} &&
	       !underline(lines[i]) && underline(lines[i + 1]) &&
	       (i == 0 || !indentation(lines[i - 1]) || underline(lines[i - 1]));
}

/// Whether a whole word of `line` is `name`.
bool names(const std::string &line, const std::string &name)
{
	const auto is_word = [](char c) {
		return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
	};
	for (std::size_t at = line.find(name); at != std::string::npos;
	     at = line.find(name, at + 1))
		if ((at == 0 || !is_word(line[at - 1])) &&
		    (at + name.size() == line.size() || !is_word(line[at + name.size()])))
			return true;
	return false;
}

struct Range {
	std::size_t begin = 0, end = 0; ///< lines, the end not included

	bool empty() const { return begin == end; }
};

Range find_part(const Lines &lines, By by, const std::string &name)
{
	Range range;
	if (by == By::exit) {
		const auto is_start = [&](const std::string &line) {
			return line.find("/* " + name + " */") != std::string::npos;
		};
		range.begin = static_cast<std::size_t>(
			std::find_if(lines.begin(), lines.end(), is_start) - lines.begin());
		range.end = std::min(range.begin + 1, lines.size());
		while (range.end < lines.size() &&
		       lines[range.end].find("/* KVM_EXIT_") == std::string::npos)
			range.end++;
	} else if (by == By::item) {
		const auto is_start = [&](const std::string &line) {
			return line.starts_with("* ") && names(line, name);
		};
		range.begin = static_cast<std::size_t>(
			std::find_if(lines.begin(), lines.end(), is_start) - lines.begin());
		range.end = std::min(range.begin + 1, lines.size());
		while (range.end < lines.size() && indentation(lines[range.end]) != std::size_t{0})
			range.end++;
	} else {
		// An underline that comes later for the first time is of a lower level.
		std::string levels;
		std::optional<std::size_t> level;
		range.begin = range.end = lines.size();
		for (std::size_t i = 0; i < lines.size(); i++) {
			if (!is_heading(lines, i))
				continue;
			const char mark = lines[i + 1][0];
			if (levels.find(mark) == std::string::npos)
				levels += mark;
			if (level && levels.find(mark) <= *level) {
				range.end = i;
				break;
			}
			if (!level && names(lines[i], name)) {
				level = levels.find(mark);
				range.begin = i;
			}
		}
	}
	return range;
}

/// The lines of a part that are sentences: without headings, literal blocks, field lists, tables and directives.
std::string prose(const Lines &lines, Range range, By by)
{
	constexpr std::size_t none = std::string::npos;
	std::string text;
	std::size_t paragraph = none; // where the one at hand is indented to
	std::size_t literal =
		by == By::exit
			? 0
			: none;  // what is indented deeper is code; an exit begins within a struct
	std::size_t soon = none; // the same, behind the next blank line
	bool in_table = false;
	for (std::size_t i = range.begin; i < range.end; i++) {
		const std::string &line = lines[i];
		const auto columns = indentation(line);
		if (!columns) {
			text += '\n';
			if (soon != none)
				literal = soon;
			soon = paragraph = none;
			continue;
		}
		if (*columns > literal)
			continue;
		literal = none;
		const std::string words = line.substr(line.find_first_not_of(" \t"));
		const bool border = words.starts_with("==") &&
				    words.find(' ') != std::string::npos &&
				    words.find_first_not_of("= ") == std::string::npos;
		if (border)
			in_table = i + 1 < range.end &&
				   indentation(lines[i + 1]); // nothing is behind the last one
		const bool title = is_heading(lines, i) || (i > 0 && is_heading(lines, i - 1)) ||
				   underline(line);
		const bool field = paragraph == none && words[0] == ':' && words != "::" &&
				   words.find(':', 1) != none;
		if (border || in_table || title || field || words.starts_with(".. ")) {
			text += '\n';
			continue;
		}
		if (paragraph == none)
			paragraph = *columns;
		soon = words.ends_with("::") ? paragraph : none;
		text += words == "::" ? "\n" : line + '\n';
	}
	return text;
}

/// Says something by itself: it is not just a name, and not the introduction of a list.
bool is_claim(const std::string &sentence)
{
	return sentence.find(' ') != std::string::npos && !sentence.ends_with(':');
}

/// A kernel tree's documents, read when they are first asked for.
class Tree {
public:
	explicit Tree(std::string folder) : folder_(std::move(folder)) {}

	const std::string &folder() const { return folder_; }
	bool has(const std::string &doc) { return content(doc).has_value(); }
	const std::optional<std::string> &content(const std::string &doc)
	{
		const auto [it, fresh] = contents_.try_emplace(doc);
		if (fresh)
			if (auto text = read_file(folder_ + "/" + doc, std::size_t{1} << 24))
				it->second = std::move(*text);
		return it->second;
	}
	/// Hash to sentence.
	const std::map<std::string, std::string> &sentences(const std::string &doc)
	{
		const auto [it, fresh] = sentences_.try_emplace(doc);
		if (fresh && has(doc))
			for (const std::string &sentence : model::sentences(doc, *content(doc)))
				it->second.emplace(hash_of(sentence), sentence);
		return it->second;
	}
	/// Other documents that have the sentence, of those that the contract is likely to move between.
	std::optional<std::string> moved_to(const std::string &hash,
					    const std::set<std::string> &cited)
	{
		if (others_.empty()) {
			others_ = cited;
			for (const char *folder : {virt_docs, "arch/arm64/kvm", "include/kvm"}) {
				std::error_code error;
				for (auto it = fs::recursive_directory_iterator(
					     folder_ + "/" + folder, error);
				     !error && it != fs::end(it); it.increment(error)) {
					const fs::path &path = it->path();
					if (path.extension() == ".rst" ||
					    path.extension() == ".c" || path.extension() == ".h")
						others_.insert(
							path.lexically_relative(folder_).string());
				}
			}
		}
		for (const std::string &doc : others_)
			if (sentences(doc).contains(hash))
				return doc;
		return std::nullopt;
	}

private:
	std::string folder_;
	std::map<std::string, std::optional<std::string>> contents_;
	std::map<std::string, std::map<std::string, std::string>> sentences_;
	std::set<std::string> others_;
};

std::multiset<std::string> words_of(const std::string &sentence)
{
	std::istringstream in(sentence);
	return {std::istream_iterator<std::string>(in), std::istream_iterator<std::string>()};
}

/// The sentence that is new in a document and has most words in common with `old`, if these are half of them.
std::string nearest(Tree &tree, Tree &base, const std::string &doc, const std::string &old)
{
	const auto words = words_of(old);
	double best = 0.5;
	std::string found;
	for (const auto &[hash, sentence] : tree.sentences(doc)) {
		if (base.sentences(doc).contains(hash))
			continue;
		const auto others = words_of(sentence);
		std::vector<std::string> common;
		std::set_intersection(words.begin(), words.end(), others.begin(), others.end(),
				      std::back_inserter(common));
		const double share = 2.0 * static_cast<double>(common.size()) /
				     static_cast<double>(words.size() + others.size());
		if (share > best) {
			best = share;
			found = sentence;
		}
	}
	return found;
}

/// What no case rests on, part by part.
void list_parts(Terminal &terminal, Tree &tree, const std::set<std::string> &cited)
{
	std::size_t all = 0, resting = 0;
	for (const Part &part : parts) {
		const auto doc = std::find_if(part.docs.begin(), part.docs.end(),
					      [&](const char *d) { return tree.has(d); });
		if (doc == part.docs.end()) {
			terminal.print(fmt::format("{}: this tree does not have {}\n\n", part.name,
						   part.docs.front()));
			continue;
		}
		const Lines lines = split(*tree.content(*doc));
		const Range range = find_part(lines, part.by, part.name);
		if (range.empty()) {
			terminal.print(
				fmt::format("{}: not in {} of this tree\n\n", part.name, *doc));
			continue;
		}
		std::size_t count = 0, rested = 0;
		std::string uncited;
		std::set<std::string> seen;
		for (const std::string &sentence :
		     model::sentences(*doc, prose(lines, range, part.by))) {
			const std::string hash = hash_of(sentence);
			// what prose() has cut out of its surroundings may be no sentence of the document
			if (!tree.sentences(*doc).contains(hash) || !seen.insert(hash).second)
				continue;
			const bool rests = cited.contains(hash);
			if (!rests && !is_claim(sentence))
				continue;
			count++;
			rested += rests;
			if (!rests)
				uncited += fmt::format("    sha256:{}  {}\n", hash,
						       report::harmless(sentence));
		}
		terminal.print(fmt::format("{}, {}:{}: cases rest on {} of {} sentences{}\n{}\n",
					   terminal.bold(part.name), *doc, range.begin + 1, rested,
					   count, uncited.empty() ? "" : ", on none of", uncited));
		all += count;
		resting += rested;
	}
	terminal.print(fmt::format("cases rest on {} of these {} sentences\n", resting, all));
}

/// The sentences that kernels do not keep, for those who could mend the text.
void list_differences(Terminal &terminal, Tree &tree, const std::vector<model::CaseText> &cases)
{
	std::string text;
	for (const model::CaseText &c : cases)
		for (const model::Citation &cite : c.parsed.spec) {
			if (cite.differs.empty())
				continue;
			const auto &sentences = tree.sentences(cite.doc);
			const auto it = sentences.find(cite.sentence);
			if (it == sentences.end())
				continue; // another kernel's
			text += fmt::format("{}, {}, {}\n    text:    {}\n    kernels: {}\n",
					    terminal.bold(c.parsed.name), cite.doc, cite.section,
					    report::harmless(it->second), cite.differs);
		}
	if (!text.empty())
		terminal.print("\nsentences of this tree that kernels do not keep\n" + text);
}

} // namespace

int cites(const CitesOptions &options)
{
	Tree tree(options.linux_tree), base(options.base);
	for (const std::string &folder :
	     {options.linux_tree, options.base.empty() ? options.linux_tree : options.base})
		if (auto text = read_file(folder + "/" + api_doc); !text)
			return fail(2, report::harmless(text.error().what + "; is " +
							(folder.empty() ? "\"\"" : folder) +
							" a kernel tree?"));
	const auto cases =
		load_cases(options.cases.empty() ? find_places().cases : options.cases, {});
	if (!cases)
		return fail(2, cases.error().what);

	std::set<std::string> cited, docs;
	for (const model::CaseText &c : *cases)
		for (const model::Citation &cite : c.parsed.spec) {
			cited.insert(cite.sentence);
			docs.insert(cite.doc);
		}
	Terminal terminal;
	list_parts(terminal, tree, cited);

	list_differences(terminal, tree, *cases);

	std::set<std::string> gone, gone_cases, never;
	std::map<std::string, std::string> moved; // hash to sentence
	std::string vanished;
	for (const model::CaseText &c : *cases) {
		std::string of_case;
		for (const model::Citation &cite : c.parsed.spec) {
			if (machine::interrupted())
				return 130;
			if (tree.sentences(cite.doc).contains(cite.sentence))
				continue;
			const std::string what = fmt::format("    {}, {} (sha256:{}): ", cite.doc,
							     cite.section, cite.sentence);
			if (const auto other = tree.moved_to(cite.sentence, docs)) {
				moved[cite.sentence] =
					fmt::format("    {}, {} (sha256:{}): in {}\n", cite.doc,
						    cite.section, cite.sentence, *other);
				continue;
			}
			std::string old;
			if (!options.base.empty()) {
				const auto &had = base.sentences(cite.doc);
				if (const auto it = had.find(cite.sentence); it != had.end()) {
					old = it->second;
				} else if (const auto other = base.moved_to(cite.sentence, docs)) {
					old = base.sentences(*other).at(cite.sentence);
				} else {
					never.insert(cite.sentence);
					continue;
				}
			}
			gone.insert(cite.sentence);
			gone_cases.insert(c.parsed.name);
			of_case += what + (tree.has(cite.doc) ? "this tree has no such sentence\n"
							      : "this tree has no such document\n");
			if (old.empty())
				continue;
			of_case += fmt::format("        was:  {}\n", report::harmless(old));
			if (const std::string now = nearest(tree, base, cite.doc, old);
			    !now.empty())
				of_case += fmt::format("        now?  {}\n", report::harmless(now));
		}
		if (!of_case.empty())
			vanished += fmt::format(
				"{} ({})\n{}", terminal.bold(c.parsed.name),
				c.parsed.characterised ? "characterised" : "required", of_case);
	}
	std::string text;
	if (!moved.empty()) {
		text += "\ncited, and elsewhere in this tree\n";
		for (const auto &entry : moved)
			text += entry.second;
	}
	if (!vanished.empty())
		text += "\ncited, and not in this tree\n" + vanished;
	text += fmt::format("\n{} cases cite {} sentences: this tree ", cases->size(),
			    cited.size());
	text += gone.empty() ? "has them all"
			     : fmt::format("lacks {}, of {} cases", gone.size(), gone_cases.size());
	if (!moved.empty())
		text += fmt::format(", has {} elsewhere", moved.size());
	if (!never.empty())
		text += fmt::format("; {} neither here nor in {}", never.size(), options.base);
	terminal.print(text + "\n");
	return options.strict && !gone.empty() ? 1 : 0;
}

} // namespace exit24::cli
