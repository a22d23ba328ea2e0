// SPDX-License-Identifier: GPL-2.0-only
#include "base/file.hpp"
#include "base/sha256.hpp"
#include "cli/data.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"
#include "model/citation.hpp"
#include "model/tags.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

namespace exit24::cli {

int list_cases(const std::string &folder, const std::vector<std::string> &globs, const std::vector<std::string> &tags)
{
	auto cases = select_cases(folder, globs, tags, {});
	if (!cases)
		return fail(2, cases.error().what);
	std::size_t longest = 0;
	for (const model::CaseText &c : *cases)
		longest = std::max(longest, c.parsed.name.size());
	Terminal terminal;
	std::string text;
	for (const model::CaseText &c : *cases)
		text += fmt::format("{}{:{}}  {}\n", terminal.bold(c.parsed.name), "", longest - c.parsed.name.size(),
				    c.parsed.title);
	terminal.print(text);
	return terminal.failed() ? fail(3, "cannot write to the standard output") : 0;
}

int list_tags(const std::string &folder)
{
	auto cases = load_cases(folder.empty() ? find_places().cases : folder, {});
	if (!cases)
		return fail(2, cases.error().what);
	std::map<std::string, std::size_t> counts;
	for (const model::CaseText &c : *cases)
		for (const std::string &tag : model::tags(c.parsed))
			counts[tag]++;
	Terminal terminal;
	std::string text;
	for (const auto &[tag, n] : counts)
		text += fmt::format("{:4}  {}\n", n, terminal.bold(tag));
	terminal.print(text);
	return terminal.failed() ? fail(3, "cannot write to the standard output") : 0;
}

static std::string sentence_hash(const std::string &sentence)
{
	return sha256(sentence).substr(0, 12);
}

static std::string indented(const std::string &text)
{
	std::string out;
	for (std::size_t at = 0; at < text.size();) {
		auto end = text.find('\n', at);
		end = end == std::string::npos ? text.size() : end;
		out += end == at ? "\n" : "    " + text.substr(at, end - at) + "\n";
		at = end + 1;
	}
	return out;
}

int show_case(const std::string &folder, const std::string &name, const std::string &linux_tree)
{
	Places places = find_places();
	if (!folder.empty())
		places.cases = folder;
	auto cases = load_cases(places.cases, {name});
	if (!cases)
		return fail(2, cases.error().what);
	if (!linux_tree.empty())
		if (auto r = read_file(linux_tree + "/MAINTAINERS"); !r)
			return fail(2, linux_tree + " is not a kernel tree: " + r.error().what);

	Terminal terminal;
	for (const model::CaseText &c : *cases) {
		terminal.print(fmt::format("{}\n{}\n\n{}", terminal.bold(c.parsed.name), c.parsed.title, indented(c.text)));
		std::set<std::string> guests;
		for (const model::VcpuSpec &vcpu : c.parsed.vcpus)
			guests.insert(vcpu.guest);
		for (const std::string &guest : guests) {
			for (const char *kind : {"S", "dis"}) {
				const std::string file = places.guests + "/" + guest + "." + kind;
				auto text = read_file(file);
				if (!text)
					return fail(2, text.error().what);
				terminal.print(fmt::format("\n{}\n{}",
							   terminal.bold("guest " + guest + (*kind == 'S' ? ", source" : ", disassembly")),
							   indented(*text)));
			}
		}
		terminal.print("\n" + terminal.bold("rests on") + "\n");
		for (const model::Citation &cite : c.parsed.spec) {
			terminal.print(fmt::format("    {}, {} (sha256:{})\n", cite.doc, cite.section, cite.sentence));
			if (linux_tree.empty())
				continue;
			auto content = read_file(linux_tree + "/" + cite.doc);
			if (!content) {
				terminal.print("        this tree does not have that file\n");
				continue;
			}
			std::string found;
			for (const std::string &sentence : model::sentences(cite.doc, *content))
				if (sentence_hash(sentence) == cite.sentence)
					found = sentence;
			terminal.print(found.empty() ? "        this tree does not have that sentence\n"
						     : "        \"" + found + "\"\n");
			if (!cite.differs.empty())
				terminal.print("        but: " + cite.differs + "\n");
		}
		if (linux_tree.empty())
			terminal.print("    --linux TREE prints the sentences from a kernel tree\n");
	}
	return terminal.failed() ? fail(3, "cannot write to the standard output") : 0;
}

int cite(const std::string &doc, const std::string &linux_tree, const std::string &words)
{
	auto content = read_file(linux_tree + "/" + doc);
	if (!content)
		return fail(2, content.error().what + "; name a document of the tree given with --linux");
	bool found = false;
	for (const std::string &sentence : model::sentences(doc, *content)) {
		if (sentence.find(words) == std::string::npos)
			continue;
		fmt::print("sha256:{}  {}\n", sentence_hash(sentence), sentence);
		found = true;
	}
	return found ? 0 : fail(2, "no sentence of " + doc + " has the words \"" + words + "\"");
}

} // namespace exit24::cli
