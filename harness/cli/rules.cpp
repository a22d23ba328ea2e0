// SPDX-License-Identifier: GPL-2.0-only
#include "cli/rules.hpp"

#include "base/file.hpp"
#include "model/reader.hpp"

namespace exit24::cli {

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

} // namespace exit24::cli
