// SPDX-License-Identifier: GPL-2.0-only
#include "cli/results.hpp"

#include "base/file.hpp"
#include "cli/data.hpp"
#include "cli/report.hpp"
#include "cli/rules.hpp"
#include "cli/verbs.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace exit24::cli {

using judge::Status;

void print_result(Terminal &terminal, const std::string &cell, const model::Case &c,
		  const judge::Verdict &verdict, const model::Recording &recording, const std::string &repeat)
{
	const auto it = recording.cases.find(c.name);
	const double ms = it == recording.cases.end() ? 0 : static_cast<double>(it->second.ns) / 1e6;
	const bool skipped = verdict.status == Status::skip;
	terminal.print(fmt::format("{} {} {}  {}{}\n", terminal.status(verdict.status),
				   terminal.dim(fmt::format("[{:7.1f}ms]", ms)), terminal.dim(cell),
				   terminal.bold(c.name), skipped ? ": " + verdict.reason : ""));
	if (verdict.status != Status::pass && !skipped)
		terminal.print(report::explain(c, verdict, recording, repeat, terminal.width()));
}

void print_slowest(Terminal &terminal, const std::vector<report::Cell> &cells, std::size_t most)
{
	struct Run {
		std::uint64_t ns;
		const report::Cell *cell;
		std::string_view name;
	};
	std::vector<Run> runs;
	for (const report::Cell &cell : cells)
		for (const model::CaseText *c : cell.cases)
			if (const auto it = cell.recording.cases.find(c->parsed.name); it != cell.recording.cases.end() && it->second.ns > 0)
				runs.push_back({it->second.ns, &cell, it->first});
	const std::size_t all = runs.size();
	std::stable_sort(runs.begin(), runs.end(), [](const Run &a, const Run &b) { return a.ns > b.ns; });
	runs.resize(std::min(runs.size(), most));
	std::string text;
	for (const Run &run : runs)
		text += fmt::format("         {} {}  {}\n", terminal.dim(fmt::format("[{:7.1f}ms]", static_cast<double>(run.ns) / 1e6)),
				    terminal.dim(run.cell->kernel + " " + run.cell->mode), run.name);
	terminal.print(fmt::format("{} {} of {} cases that ran\n{}", terminal.bold(" Slowest"), runs.size(), all, text));
}

void print_skipped(Terminal &terminal, const std::string &cell, const std::string &why)
{
	terminal.print(fmt::format("{}              {}  the whole mode: {}\n", terminal.status(Status::skip),
				   terminal.dim(cell), report::harmless(why)));
}

void skip_in_another_mode(Terminal &terminal, report::Cell &cell)
{
	if (cell.recording.boots.empty())
		return;
	const std::string why = model::wrong_mode(cell.recording.boots.back());
	if (why.empty())
		return;
	report::skip(cell, why);
	print_skipped(terminal, cell.kernel + " " + cell.mode, why);
}

static bool worth_repeating(Status status)
{
	return status != Status::pass && status != Status::skip;
}

int conclude(Terminal &terminal, const std::vector<report::Cell> &cells, const model::Guests &guests,
	     const std::string &json, double seconds, const std::vector<std::string> &reports,
	     const report::Planned &planned)
{
	const auto counts = report::count(cells);
	std::string again;
	std::string last;
	for (const report::Cell &cell : cells) {
		// errors tend to have one reason for all: say it once
		std::map<std::string, std::vector<std::string>> errors;
		std::vector<std::string> failed;
		for (std::size_t i = 0; i < cell.cases.size(); i++) {
			const judge::Verdict &v = cell.verdicts[i];
			const model::Case &c = cell.cases[i]->parsed;
			if (v.status == Status::error)
				errors[v.reason].push_back(c.name);
			else if (worth_repeating(v.status))
				again += fmt::format("{} {}  {}\n{}", terminal.status(v.status), terminal.dim(cell.id()),
						     terminal.bold(c.name),
						     report::explain(c, v, cell.recording, "", terminal.width()));
			if (judge::is_failure(v.status) || v.status == Status::error)
				failed.push_back(c.name);
		}
		for (const auto &[reason, names] : errors)
			again += fmt::format("{} {}  {}\n           {}\n", terminal.status(Status::error),
					     terminal.dim(cell.id()),
					     names.size() == 1 ? names.front() : fmt::format("{} cases", names.size()),
					     report::harmless(reason));
		if (failed.empty())
			continue;
		const bool all = failed.size() > 5 || !cell.repeat_cases;
		last += fmt::format("{} {} in {}; repeat: {}{}\n", failed.size(),
				    failed.size() == 1 ? "case is not right" : "cases are not right", cell.id(),
				    cell.repeat, all ? "" : fmt::format(" {}", fmt::join(failed, " ")));
	}
	const auto skipped = std::count_if(cells.begin(), cells.end(), [](const auto &cell) { return !cell.skip.empty(); });
	std::string text;
	if (!again.empty())
		text += "\n" + again;
	text += fmt::format("{} [{:8.1f}s] {}{}\n", terminal.bold(" Summary"), seconds, report::summary(counts),
			    skipped == 0 ? "" : fmt::format("; {} of {} modes skipped", skipped, cells.size()));
	const int status = report::exit_status(cells);
	if (status == 3 && !counts.contains(Status::error))
		text += "nothing was judged, so nothing is proved\n";
	terminal.print(text + last);
	if (terminal.failed())
		return fail(3, "cannot write to the standard output");

	if (json.empty() && reports.empty())
		return status;
	model::Json report = report::to_json(cells, guests);
	for (const auto &[name, guest] : guests)
		if (auto listing = read_file(find_places().guests + "/" + name + ".dis", 1 << 16); listing && !listing->empty())
			report["guests"][name]["disassembly"] = *listing;
	if (!planned.cells.empty())
		report::add_plan(report, planned);
	if (const auto rules = load_rules(find_places().cases); rules)
		for (const auto &[id, rule] : *rules) {
			report["rules"][id]["says"] = rule.says;
			if (!rule.uncovered.empty())
				report["rules"][id]["uncovered"] = rule.uncovered;
		}
	if (!json.empty()) {
		const std::string document = report.dump(1, '\t', false, model::Json::error_handler_t::replace);
		if (auto r = write_file(json, document + "\n"); !r)
			return fail(3, r.error().what);
	}
	if (auto r = write_reports(reports, report); !r)
		return fail(3, r.error().what);
	return status;
}

} // namespace exit24::cli
