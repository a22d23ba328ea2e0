// SPDX-License-Identifier: GPL-2.0-only
#include "base/file.hpp"
#include "cli/data.hpp"
#include "cli/verbs.hpp"
#include "model/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fnmatch.h>
#include <map>
#include <set>

namespace fs = std::filesystem;

namespace exit24::cli {

using model::Json;

namespace {

/// The cases that noticed at least one mutant of a campaign, and what became of each mutant last.
void take_in(const Json &campaign, std::set<std::string> &noticed, std::map<std::string, std::string> &fates)
{
	for (const Json &m : campaign.at("mutants")) {
		const std::string fate = m.at("fate").get<std::string>();
		for (const Json &k : m.at("killers"))
			noticed.insert(k.at("case").get<std::string>());
		if (fate != "not-run" && fate != "not-applied")
			fates[m.at("name").get<std::string>()] = fate;
	}
}

std::string campaign_page(const std::string &file, const Json &json)
{
	std::map<std::string, std::size_t> fates;
	std::string survived, equivalent;
	double seconds = 0;
	for (const Json &m : json.at("mutants")) {
		const std::string fate = m.at("fate").get<std::string>();
		fates[fate]++;
		seconds += m.at("run_seconds").get<double>() + m.at("build_seconds").get<double>();
		const std::string line = fmt::format("- `{}`: {}", m.at("name").get<std::string>(), m.at("broken").get<std::string>());
		if (fate == "survived")
			survived += line + "\n";
		if (fate == "equivalent")
			equivalent += line + ". Nobody can notice: " + m.at("reason").get<std::string>() + ".\n";
	}
	const std::size_t caught = fates["killed"] + fates["noticed"] + fates["refused"];
	std::string text = fmt::format("## Mutants: {}, {} {}\n\n`{}`, {}, in `{}`.\n\n", json.at("kind").get<std::string>(),
				       json.at("release").get<std::string>(), json.at("mode").get<std::string>(),
				       json.at("command").get<std::string>(), json.at("date").get<std::string>(), file);
	text += fmt::format("**{} of {}** mutants that somebody can notice are caught.\n\n| fate | mutants |\n| --- | --- |\n", caught,
			    caught + fates["survived"]);
	for (const auto &[fate, count] : fates)
		if (count > 0)
			text += fmt::format("| {} | {} |\n", fate, count);
	text += fmt::format("\nThe kernel with all of them was built in {:.0f} s; trying them took {:.0f} s.\n",
			    json.at("seconds").at("build").get<double>(), json.at("seconds").at("run").get<double>());
	if (!survived.empty())
		text += "\nSurvived:\n\n" + survived;
	if (!equivalent.empty())
		text += "\nEquivalent:\n\n" + equivalent;
	return text + "\n";
}

/// Why the cases do not reach a function, or not all of it; "" if nothing says so.
std::string reason(const Json &unreached, const std::string &file, const std::string &function)
{
	for (const Json &entry : unreached)
		if (entry.at("file") == file && ::fnmatch(entry.at("function").get<std::string>().c_str(), function.c_str(), 0) == 0)
			return entry.at("reason");
	return "";
}

std::string coverage_page(const std::string &file, const Json &json, const Json &unreached)
{
	std::string text = fmt::format("## Coverage: {}\n\n`{}`, {}, in `{}`.\n\n| file | lines | branches taken |\n| --- | --- | --- |\n",
				       json.at("release").get<std::string>(), json.at("command").get<std::string>(),
				       json.at("date").get<std::string>(), file);
	const auto cell = [](std::size_t part, std::size_t whole) {
		return fmt::format("{} of {}, {:.1f} %", part, whole,
				   whole ? 100.0 * static_cast<double>(part) / static_cast<double>(whole) : 0.0);
	};
	std::map<std::string, std::string> explained; // functions, by reason
	std::string holes;
	for (const auto &f : json.at("files").items()) {
		const Json &v = f.value();
		text += fmt::format("| `{}` | {} | {} |\n", f.key(),
				    cell(v.at("lines_hit").get<std::size_t>(), v.at("lines").get<std::size_t>()),
				    cell(v.at("branches_taken").get<std::size_t>(), v.at("branches").get<std::size_t>()));
		const std::string name = fs::path(f.key()).filename();
		for (const auto &hole : v.at("missed").items()) {
			const std::string why = reason(unreached, name, hole.key());
			const std::string function = "`" + (hole.key().empty() ? name : hole.key()) + "`";
			if (why.empty())
				holes += fmt::format("- `{}`, {}: {}\n", f.key(), function, hole.value().get<std::string>());
			else
				explained[why] += (explained[why].empty() ? "" : ", ") + function;
		}
	}
	if (!holes.empty())
		text += "\nNo case reaches these lines, and nothing says why:\n\n" + holes;
	if (!explained.empty())
		text += "\nNo case reaches some lines of these functions (which lines, is in the file named above):\n\n";
	for (const auto &[why, functions] : explained)
		text += fmt::format("- {}: {}\n", why, functions);
	if (!json.contains("rules"))
		return text + "\n";
	text += "\n<details><summary>What the cases of each rule reach of psci.c</summary>\n\n| rule | lines | branches taken |\n"
		"| --- | --- | --- |\n";
	for (const auto &rule : json.at("rules").items())
		for (const auto &f : rule.value().items())
			if (f.key().ends_with("/psci.c"))
				text += fmt::format("| {} | {} | {} |\n", rule.key(), f.value().at("lines_hit").get<std::size_t>(),
						    f.value().at("branches_taken").get<std::size_t>());
	return text + "\n</details>\n\n";
}

std::string alarms_page(const std::string &file, const Json &json)
{
	std::string text = fmt::format("## False alarms\n\n`{}`, {}, in `{}`.\n\n| kernel and mode | runs | cases | flaky | not right |\n"
				       "| --- | --- | --- | --- | --- |\n",
				       json.at("command").get<std::string>(), json.at("date").get<std::string>(), file);
	for (const Json &c : json.at("cells"))
		text += fmt::format("| {} | {} | {} | {} | {} |\n", c.at("cell").get<std::string>(), c.at("runs").get<unsigned>(),
				    c.at("cases").get<unsigned>(), c.at("flaky").size(), c.at("failed").size());
	return text + "\n";
}

} // namespace

int evidence(const std::string &folder)
{
	std::error_code error;
	std::vector<std::string> files;
	for (auto it = fs::directory_iterator(folder, error); !error && it != fs::end(it); it.increment(error))
		if (it->path().extension() == ".json")
			files.push_back(it->path());
	if (error)
		return fail(2, "cannot read " + folder + ": " + error.message());
	std::sort(files.begin(), files.end());
	std::string text = "# Evidence\n\nWritten by `exit24 evidence` from the results beside this page; do not edit it. A mutant is a kernel "
			   "that is\nwrong on purpose (`kernel-patches/mutants`). It is caught when a case that passes on the kernel as it was\n"
			   "fails, hangs or crashes on it, when a behaviour that nothing promises shows up for review, or when\n"
			   "`exit24 uapi` finds the header wrong.\n\n";
	std::set<std::string> noticed;
	std::map<std::string, std::map<std::string, std::string>> fates; // of each mutant, by kind
	std::vector<std::pair<std::string, Json>> results;
	Json unreached = Json::array();
	for (const std::string &file : files) {
		const auto content = read_file(file);
		if (!content)
			return fail(2, content.error().what);
		try {
			results.emplace_back(fs::path(file).filename(), model::parse_strict(*content));
		} catch (const model::Malformed &m) {
			return fail(2, file + ": " + m.reason);
		}
		if (const Json &json = results.back().second; json.contains("unreached"))
			unreached = json["unreached"];
	}
	std::string pages_text;
	std::size_t pages = 0;
	for (const auto &[name, json] : results) {
		try {
			if (json.contains("campaign")) {
				pages_text += campaign_page(name, json);
				take_in(json, noticed, fates[json.at("kind")]);
			} else if (json.contains("coverage")) {
				pages_text += coverage_page(name, json, unreached);
			} else if (json.contains("alarms")) {
				pages_text += alarms_page(name, json);
			} else {
				continue;
			}
			pages++;
		} catch (const Json::exception &e) {
			return fail(2, folder + "/" + name + " is not a result of exit24 mutants, coverage or run --tally: " + e.what());
		}
	}
	if (pages == 0)
		return fail(2, "there is no result in " + folder + "; exit24 mutants --json, coverage --json and run --tally write them");

	for (const auto &[kind, of_kind] : fates) {
		std::size_t caught = 0, survived = 0;
		for (const auto &[name, fate] : of_kind) {
			caught += fate == "killed" || fate == "noticed" || fate == "refused";
			survived += fate == "survived";
		}
		text += fmt::format("All campaigns with {} mutants together, the last word on each: **{} of {}** that somebody can notice\n"
				    "are caught.\n\n",
				    kind == "written" ? "written" : "systematic", caught, caught + survived);
	}
	text += pages_text;
	auto cases = load_cases(find_places().cases, {});
	if (!cases)
		return fail(2, cases.error().what);
	std::string silent;
	std::size_t required = 0, count = 0;
	for (const model::CaseText &c : *cases) {
		if (c.parsed.characterised)
			continue;
		required++;
		if (!noticed.contains(c.parsed.name)) {
			silent += "- `" + c.parsed.name + "`\n";
			count++;
		}
	}
	text += fmt::format("## Cases\n\n{} of {} required cases have noticed at least one mutant above. A mutant is tried with the cases of\n"
			    "its rules first and with the others only until one notices, so a case below has not been shown to be blind.\n\n{}",
			    required - count, required, silent);
	return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0
		       ? 0
		       : fail(3, "cannot write to the standard output");
}

} // namespace exit24::cli
