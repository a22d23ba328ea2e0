// SPDX-License-Identifier: GPL-2.0-only
#include "base/file.hpp"
#include "cli/data.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"
#include "model/reader.hpp"

#include <fmt/format.h>

#include <map>

namespace exit24::cli {

namespace {

struct Rule {
	std::string kind, says;
	std::vector<std::string> cases;
	std::string uncovered; ///< why no case covers it
};

/// rules.json: id to {"kind", "says"}; uncovered.json: id to the reason why no case covers it.
Result<std::map<std::string, Rule>> load_rules(const std::string &folder)
{
	std::map<std::string, Rule> rules;
	for (const char *name : {"/rules.json", "/uncovered.json"}) {
		const std::string file = folder + name;
		auto text = read_file(file, 1 << 20);
		if (!text)
			return text.error();
		try {
			const model::Json json = model::parse_strict(*text);
			const model::Reader top(json);
			for (const auto &entry : top.object()) {
				model::Reader item = top.child(entry.first);
				if (name[1] == 'r') {
					Rule &rule = rules[entry.first];
					rule.kind = item.at("kind").string();
					rule.says = item.at("says").string();
					item.finish();
				} else if (!rules.contains(entry.first)) {
					item.fail("is not a rule of rules.json");
				} else if (rules[entry.first].uncovered = item.string(); rules[entry.first].uncovered.empty()) {
					item.fail("must give the reason why no case covers the rule");
				}
			}
		} catch (const model::Malformed &m) {
			return Error{file + (m.pointer.empty() ? "" : " at " + m.pointer) + ": " + m.reason};
		}
	}
	return rules;
}

} // namespace

int matrix(const std::string &given_folder)
{
	const std::string folder = given_folder.empty() ? find_places().cases : given_folder;
	auto rules = load_rules(folder);
	if (!rules)
		return fail(2, rules.error().what);
	auto cases = load_cases(folder, {});
	if (!cases)
		return fail(2, cases.error().what);

	std::string wrong;
	for (const model::CaseText &c : *cases)
		for (const std::string &id : c.parsed.rules) {
			const auto rule = rules->find(id);
			if (rule == rules->end())
				wrong += fmt::format("{}: names rule {}, which rules.json does not have\n", c.file, id);
			else
				rule->second.cases.push_back(c.parsed.name);
		}
	Terminal terminal;
	std::string text;
	std::size_t covered = 0, excused = 0;
	for (const auto &[id, rule] : *rules) {
		text += fmt::format("{}  {}\n", terminal.bold(id), rule.says);
		for (const std::string &name : rule.cases)
			text += fmt::format("            {}\n", name);
		covered += !rule.cases.empty();
		if (rule.cases.empty() && !rule.uncovered.empty()) {
			text += fmt::format("            not covered: {}\n", rule.uncovered);
			excused++;
		} else if (rule.cases.empty()) {
			wrong += fmt::format("{} has neither a case nor a reason in {}/uncovered.json\n", id, folder);
		} else if (!rule.uncovered.empty()) {
			wrong += fmt::format("{} is covered, by {}; take it out of {}/uncovered.json\n", id,
					     rule.cases.front(), folder);
		}
	}
	terminal.print(text + fmt::format("{} rules: {} covered by {} cases, {} not covered with a reason\n", rules->size(),
					  covered, cases->size(), excused));
	if (wrong.empty())
		return 0;
	terminal.print(wrong);
	return 1;
}

} // namespace exit24::cli
