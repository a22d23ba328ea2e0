// SPDX-License-Identifier: GPL-2.0-only
#include "report/coverage.hpp"

#include "report/view.hpp"

namespace exit24::report {

using model::Malformed;
using model::Reader;

Result<SeenCoverage> read_coverage(const std::string &file, std::string_view text)
{
	constexpr std::uint64_t most = std::uint64_t{1} << 32;
	try {
		const Json json = model::parse_strict(text);
		Reader root(json);
		if (root.at("coverage").count(0, most) != 1)
			return Error{file + " is a result of exit24 coverage in another format; this exit24 reads format 1"};
		SeenCoverage out;
		out.release = clean(root.at("release").string());
		out.date = clean(root.at("date").string());
		out.command = clean(root.at("command").string());
		out.cases = root.at("cases").count(0, most);
		for (const std::string &mode : root.at("modes").strings())
			out.modes += (out.modes.empty() ? "" : ", ") + clean(mode);
		Reader files = root.at("files");
		for (const auto &entry : files.object()) {
			Reader item = files.child(entry.first);
			SeenFile &f = out.files.emplace_back();
			f.name = clean(entry.first);
			f.lines = item.at("lines").count(0, most);
			f.lines_hit = item.at("lines_hit").count(0, f.lines);
			f.branches = item.at("branches").count(0, most);
			f.branches_taken = item.at("branches_taken").count(0, f.branches);
			Reader missed = item.at("missed");
			for (const auto &function : missed.object())
				f.missed.emplace_back(clean(function.first), clean(missed.child(function.first).string()));
		}
		if (auto rules = root.find("rules"))
			for (const auto &rule : rules->object()) {
				SeenReach &reach = out.rules.emplace_back();
				reach.rule = clean(rule.first);
				const Reader reached = rules->child(rule.first);
				for (const auto &entry : reached.object())
					reach.lines_hit.emplace_back(clean(entry.first), reached.child(entry.first).at("lines_hit").count(0, most));
			}
		return out;
	} catch (const Malformed &m) {
		return Error{file + " is not a result of exit24 coverage: " + (m.pointer.empty() ? "" : m.pointer + ": ") + m.reason +
			     "; name a file that exit24 coverage --json has written"};
	}
}

} // namespace exit24::report
