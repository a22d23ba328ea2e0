// SPDX-License-Identifier: GPL-2.0-only
#include "cli/data.hpp"
#include "cli/rules.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"

#include <fmt/format.h>

namespace exit24::cli {

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
