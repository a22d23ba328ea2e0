// SPDX-License-Identifier: GPL-2.0-only
#include "base/file.hpp"
#include "cli/data.hpp"
#include "cli/rules.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"
#include "judge/judge.hpp"
#include "model/tags.hpp"
#include "mutant/mutant.hpp"
#include "report/view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fnmatch.h>
#include <map>
#include <set>

namespace exit24::cli {

namespace {

/// Words in lines behind a label: "catches   a kernel that ...".
class Sheet {
public:
	explicit Sheet(Terminal &terminal) : terminal_(terminal) {}

	void head(const std::string &name, const std::string &says)
	{
		text_ += (text_.empty() ? "" : "\n") + terminal_.bold(name) + "\n" + wrapped(says, 4);
	}
	void entry(const std::string &label, const std::string &words)
	{
		if (words.empty())
			return;
		std::string lines = wrapped(words, column);
		const std::string shown = label == last_ ? "" : label;
		last_ = label;
		lines.replace(4, shown.size(), shown);
		text_ += lines;
	}
	~Sheet() { terminal_.print(text_); }
	Sheet(const Sheet &) = delete;
	Sheet &operator=(const Sheet &) = delete;

private:
	static constexpr std::size_t column = 15;

	std::string wrapped(const std::string &words, std::size_t indent) const
	{
		std::string out, line;
		for (std::size_t at = 0; at < words.size();) {
			const std::size_t end = std::min(words.find(' ', at), words.size());
			const std::string word = words.substr(at, end - at);
			at = end + 1;
			if (!line.empty() && indent + line.size() + 1 + word.size() > terminal_.width()) {
				out += std::string(indent, ' ') + line + "\n";
				line.clear();
			}
			line += (line.empty() ? "" : " ") + word;
		}
		return out + std::string(indent, ' ') + line + "\n";
	}

	Terminal &terminal_;
	std::string text_, last_;
};

std::string list(const model::Requirements &r)
{
	std::vector<std::string> words = r.capabilities;
	if (r.psci_version)
		words.push_back("PSCI " + *r.psci_version);
	for (const std::string &name : r.registers)
		words.push_back("the register " + name);
	if (r.smc)
		words.push_back("PSCI over SMC");
	if (r.smccc_filter)
		words.push_back("KVM_ARM_VM_SMCCC_FILTER");
	for (const std::string &gic : r.gics)
		words.push_back("an in-kernel GIC " + gic);
	if (r.protected_vm)
		words.push_back("protected VMs");
	if (r.without)
		words.push_back("a kernel without " + list(*r.without));
	return fmt::format("{}", fmt::join(words, ", "));
}

/// What the cases came to on the kernels whose baselines are kept, a line for each kernel: one case mode by mode,
/// several as a count of verdicts.
void explain_kernels(Sheet &sheet, const std::vector<report::SeenCell> &cells, const std::set<std::string> &names)
{
	std::vector<std::string> kernels;
	std::map<std::string, std::vector<std::pair<std::string, std::vector<std::string>>>> seen; // kernel, verdict, modes
	for (const report::SeenCell &cell : cells) {
		for (const report::SeenCase &c : cell.cases) {
			if (!names.contains(c.name))
				continue;
			if (!seen.contains(cell.kernel))
				kernels.push_back(cell.kernel);
			const std::string verdict = names.size() > 1 || c.reason.empty() || c.verdict == "pass" ? c.verdict
														 : c.verdict + " (" + c.reason + ")";
			auto &verdicts = seen[cell.kernel];
			auto it = std::find_if(verdicts.begin(), verdicts.end(), [&](const auto &v) { return v.first == verdict; });
			if (it == verdicts.end())
				it = verdicts.insert(verdicts.end(), {verdict, {}});
			it->second.push_back(cell.mode);
		}
	}
	for (const std::string &kernel : kernels) {
		std::string text;
		for (const auto &[verdict, modes] : seen[kernel])
			text += (text.empty() ? "" : ", ") + (names.size() > 1 ? fmt::format("{} {}", modes.size(), verdict)
								       : fmt::format("{} in {}", verdict, fmt::join(modes, ", ")));
		sheet.entry("kernels", kernel + ": " + text);
	}
}

/// The baselines that come with exit24, beside the patches: of the source tree, or installed.
Result<std::vector<report::SeenCell>> load_baselines(const Places &places)
{
	namespace fs = std::filesystem;
	std::vector<std::string> files;
	std::error_code error;
	for (auto it = fs::directory_iterator(places.patches + "/../reports/baselines", error); !error && it != fs::end(it); it.increment(error))
		if (it->path().extension() == ".json")
			files.push_back(it->path());
	std::sort(files.begin(), files.end());
	std::vector<report::SeenCell> cells;
	for (const std::string &file : files) {
		auto view = report::read_view({file});
		if (!view)
			return view.error();
		for (report::SeenCell &cell : view->cells)
			cells.push_back(std::move(cell));
	}
	return cells;
}

void explain_mutants(Sheet &sheet, const std::vector<mutant::Mutant> &mutants, const std::vector<std::string> &rules)
{
	constexpr std::size_t most = 12;
	std::size_t n = 0;
	for (const mutant::Mutant &m : mutants) {
		const bool breaks = std::any_of(m.rules.begin(), m.rules.end(), [&](const std::string &rule) {
			return std::find(rules.begin(), rules.end(), rule) != rules.end();
		});
		if (breaks && ++n <= most)
			sheet.entry("mutants", m.name + ": " + m.broken +
						       (m.equivalent.empty() ? "" : "; nobody can notice: " + m.equivalent));
	}
	if (n > most)
		sheet.entry("mutants", fmt::format("and {} more in kernel-patches/mutants", n - most));
}

} // namespace

int explain(const std::string &given_folder, const std::string &what)
{
	const Places places = find_places();
	const std::string folder = given_folder.empty() ? places.cases : given_folder;
	auto rules = load_rules(folder);
	if (!rules)
		return fail(2, rules.error().what);
	auto cases = load_cases(folder, {});
	if (!cases)
		return fail(2, cases.error().what);
	auto mutants = mutant::load_mutants(places.patches + "/mutants", {});
	if (!mutants)
		return fail(2, mutants.error().what);
	const auto baselines = load_baselines(places);
	if (!baselines)
		return fail(2, baselines.error().what);

	std::vector<std::string> asked_rules;
	for (const auto &[id, rule] : *rules)
		if (::fnmatch(what.c_str(), id.c_str(), 0) == 0)
			asked_rules.push_back(id);
	if (asked_rules.empty() && what.starts_with("SE-")) {
		std::vector<std::string> ids;
		for (const auto &[id, rule] : *rules)
			ids.push_back(id);
		const bool group = std::any_of(ids.begin(), ids.end(), [&](const std::string &id) { return id.starts_with(what + "-"); });
		const std::string near = group ? "'" + what + "-*'" : nearest(ids, what);
		return fail(2, "there is no rule \"" + what + "\"" + (near.empty() ? "" : "; is it " + near + "?") +
				       " \"exit24 cases matrix\" lists them");
	}
	std::vector<const model::CaseText *> asked;
	if (asked_rules.empty()) {
		auto chosen = load_cases(folder, {what});
		if (!chosen)
			return fail(2, chosen.error().what);
		for (const model::CaseText &c : *cases)
			if (::fnmatch(what.c_str(), c.parsed.name.c_str(), 0) == 0)
				asked.push_back(&c);
	}

	Terminal terminal;
	{
		Sheet sheet(terminal);
		for (const std::string &id : asked_rules) {
			const Rule &rule = rules->at(id);
			sheet.head(id, rule.says);
			sheet.entry("kind", rule.kind == "abi" ? "abi: promised by a document or a header" : rule.kind);
			std::set<std::string> documents, hurts, names;
			for (const model::CaseText &c : *cases) {
				const auto &of = c.parsed.rules;
				if (std::find(of.begin(), of.end(), id) == of.end())
					continue;
				sheet.entry("cases", c.parsed.name + ": " + c.parsed.title);
				names.insert(c.parsed.name);
				for (const model::Citation &cite : c.parsed.spec)
					documents.insert(cite.doc + ", " + cite.section);
				if (!c.parsed.hurts.empty())
					hurts.insert(c.parsed.hurts);
			}
			sheet.entry("no case", rule.uncovered);
			for (const std::string &one : hurts)
				sheet.entry("hurts", one);
			for (const std::string &one : documents)
				sheet.entry("rests on", one);
			explain_kernels(sheet, *baselines, names);
			explain_mutants(sheet, *mutants, {id});
		}
		for (const model::CaseText *text : asked) {
			const model::Case &c = text->parsed;
			sheet.head(c.name, c.title);
			sheet.entry("status", c.characterised ? "characterised: seen on every kernel so far and promised nowhere; a "
							       "difference is for review, and never red"
							     : "required: a difference is a failure");
			sheet.entry("catches", c.catches);
			sheet.entry("hurts", c.hurts);
			sheet.entry("requires", list(c.requires_));
			std::size_t n = 0;
			for (const model::Step &step : c.steps)
				sheet.entry("steps", fmt::format("{} {}", n++, judge::describe(step)));
			for (const std::string &id : c.rules)
				sheet.entry("rules", id + ": " + (rules->contains(id) ? rules->at(id).says : "not in rules.json"));
			for (const model::Citation &cite : c.spec)
				sheet.entry("rests on", cite.doc + ", " + cite.section);
			explain_kernels(sheet, *baselines, {c.name});
			explain_mutants(sheet, *mutants, c.rules);
			sheet.entry("tags", fmt::format("{}", fmt::join(model::tags(c), " ")));
			sheet.entry("see", "exit24 cases show " + c.name);
			sheet.entry("run", "exit24 run " + c.name);
		}
	}
	return terminal.failed() ? fail(3, "cannot write to the standard output") : 0;
}

} // namespace exit24::cli
