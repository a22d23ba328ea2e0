// SPDX-License-Identifier: GPL-2.0-only
#include "series/verdict.hpp"

#include "base/version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

namespace exit24::series {

using model::Json;
using report::Change;

namespace {

constexpr std::size_t indent = 10;

std::string join(const std::vector<std::string> &words, std::size_t most = 6)
{
	std::string text;
	for (std::size_t i = 0; i < words.size() && i < most; i++)
		text += (i == 0 ? "" : ", ") + words[i];
	return words.size() > most ? text + fmt::format(" and {} more", words.size() - most) : text;
}

std::string cases(std::size_t n)
{
	return n == 1 ? "a case" : fmt::format("{} cases", n);
}

std::string in_seconds(double seconds)
{
	return fmt::format("{:.1f} s", seconds);
}

/// Sentences, each in as many lines as it takes.
class Lines {
public:
	explicit Lines(std::size_t width) : width_(width) {}

	void say(const std::string &what) { text_ += report::wrap(report::harmless(what), std::string(indent, ' '), width_); }
	void say(const report::Comparison &comparison)
	{
		const std::string changes = report::describe(comparison, width_ - indent);
		for (std::size_t at = 0; at < changes.size();) {
			const auto end = changes.find('\n', at);
			text_ += std::string(indent, ' ') + changes.substr(at, end - at) + "\n";
			at = end + 1;
		}
	}
	void quote(const std::string &line) { text_ += std::string(indent, ' ') + "| " + line.substr(0, width_ - indent - 2) + "\n"; }
	const std::string &text() const { return text_; }

private:
	std::size_t width_;
	std::string text_;
};

/// A change that is worth a word although it is not worse.
bool is_notable(Change::Kind kind)
{
	return kind == Change::for_review || kind == Change::newly_skipped || kind == Change::gone;
}

/// "newly failing: 2, fixed: 1"; "" if nothing has changed.
std::string in_short(const report::Comparison &comparison)
{
	std::map<Change::Kind, std::size_t> counts;
	for (const Change &c : comparison.changes)
		if (c.kind != Change::still_failing && c.kind != Change::known)
			counts[c.kind]++;
	std::string text;
	for (const auto &[kind, n] : counts)
		text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", report::name(kind), n);
	return text;
}

/// What is wrong with a kernel that is not good, as a sentence; "" for a good one.
std::string trouble(const State &state)
{
	switch (state.what) {
	case State::good:
		break;
	case State::does_not_apply:
		return "DOES NOT APPLY: " + state.why;
	case State::does_not_build:
		return "DOES NOT BUILD: " + state.why;
	case State::does_not_boot:
		return "DOES NOT BOOT: " + state.why;
	case State::unjudged:
		return "not judged: " + state.why;
	}
	return "";
}

bool is_worse(const State &state)
{
	return state.what == State::does_not_boot || state.comparison.worse() || !state.header_broken.empty();
}

} // namespace

Verdict conclude(const std::vector<State> &states)
{
	Verdict verdict;
	const State &last = states.back();
	bool worse = false, broken = false, unjudged = false;
	if (last.what == State::good)
		verdict.whole = report::compare(states.front().report, last.report);
	std::map<std::string, std::string> broken_by; // case and mode to the patch that broke it
	for (std::size_t i = 1; i < states.size(); i++) {
		const State &state = states[i];
		broken = broken || state.what == State::does_not_build || state.what == State::does_not_apply;
		unjudged = unjudged || state.what == State::unjudged || !state.comparison.of(Change::not_judged).empty();
		worse = worse || is_worse(state);
		if (&state != &last && state.what != State::good)
			verdict.not_bisectable.push_back(state.name + (state.what == State::does_not_build  ? " does not build"
								       : state.what == State::does_not_boot ? " does not boot"
													    : " could not be judged"));
		for (const Change &c : state.comparison.changes) {
			const std::string key = c.name + " (" + c.mode + ")";
			if (c.kind == Change::newly_failing) {
				broken_by[key] = state.name;
			} else if (c.kind == Change::fixed && broken_by.contains(key)) {
				verdict.not_bisectable.push_back(fmt::format("{} is broken by {} and mended by {}", key, broken_by[key], state.name));
				broken_by.erase(key);
			}
		}
	}
	const auto failing = verdict.whole.of(Change::newly_failing).size(), fixed = verdict.whole.of(Change::fixed).size();
	if (last.what == State::does_not_apply)
		verdict.words = "the series does not apply";
	else if (last.what == State::does_not_build)
		verdict.words = "the series does not build";
	else if (last.what == State::does_not_boot)
		verdict.words = "the kernel does not boot with the series";
	else if (last.what == State::unjudged)
		verdict.words = "the series could not be judged";
	else if (failing > 0 || verdict.whole.worse())
		verdict.words = "the series makes " + cases(std::max<std::size_t>(failing, 1)) + " worse";
	else if (fixed > 0)
		verdict.words = fmt::format("the series mends {} case{} and breaks none", fixed, fixed == 1 ? "" : "s");
	else if (std::all_of(states.begin() + 1, states.end(), [](const State &s) { return s.same_image; }))
		verdict.words = "the series changes no behaviour: every kernel is the same byte for byte";
	else
		verdict.words = "the series breaks nothing";
	if (last.what == State::good && !verdict.whole.worse() && (worse || broken))
		verdict.words += ", but not every patch of it is good";
	verdict.status = broken ? 4 : worse ? 1 : unjudged ? 3 : 0;
	return verdict;
}

std::string why_no_boot(const std::vector<report::Cell> &cells, std::vector<std::string> &console, bool &machine_failed)
{
	for (const report::Cell &cell : cells) {
		const auto &boots = cell.recording.boots;
		if (boots.empty() || std::any_of(boots.begin(), boots.end(), [](const model::Boot &b) { return b.hello.has_value(); }))
			continue;
		machine_failed = boots.back().end == "machine";
		const std::string &tail = boots.back().console_tail;
		std::vector<std::string> lines;
		for (std::size_t at = 0; at < tail.size();) {
			const auto end = std::min(tail.find('\n', at), tail.size());
			if (end > at + 1)
				lines.push_back(report::harmless(tail.substr(at, end - at)));
			at = end + 1;
		}
		if (lines.size() > 5)
			lines.erase(lines.begin(), lines.end() - 5);
		console = lines;
		return cell.mode + ": " + boots.back().end_reason;
	}
	return "";
}

std::string describe(const State &state, std::size_t width)
{
	Lines lines(width);
	std::vector<std::string> headers, documents, steering;
	for (const FileChange &file : state.files) {
		if (is_user_header(file.path))
			headers.push_back(file.path);
		else if (is_document(file.path))
			documents.push_back(file.path);
		else if (steers_the_build(file.path))
			steering.push_back(file.path);
	}
	if (!steering.empty())
		lines.say("steers the build: " + join(steering) + "; the build runs what it says");
	if (state.what != State::good) {
		lines.say(trouble(state));
		for (const std::string &line : state.console)
			lines.quote(line);
	} else {
		if (state.built.cached && !state.same_image)
			lines.say(state.recorded ? "built and run before; nothing was compiled or booted"
						 : "built before; booted in " + in_seconds(state.boot_seconds));
		else
			lines.say(fmt::format("built in {} ({} files){}", in_seconds(state.built.seconds), state.built.compiled,
					      state.same_image ? ""
					      : state.recorded ? "; run before"
							       : ", booted and judged in " + in_seconds(state.boot_seconds)));
		if (state.name == "base" || state.report.is_null()) {
			for (const report::Cell &cell : state.cells)
				lines.say(cell.id() + ": " + (cell.skip.empty() ? report::summary(report::count({cell})) : "skipped, " + cell.skip));
		} else if (state.same_image) {
			lines.say("behaviour: nothing changed, the kernel is the same byte for byte");
		} else if (in_short(state.comparison).empty()) {
			lines.say("behaviour: nothing changed");
		} else {
			lines.say(state.comparison);
		}
	}
	if (!headers.empty())
		lines.say("user header changed: " + join(headers));
	for (const std::string &w : state.header_broken)
		lines.say("  WRONG: " + w);
	for (const std::string &w : state.header_mended)
		lines.say("  mended: " + w);
	if (!documents.empty())
		lines.say("documentation text changed: " + join(documents));
	if (!state.sentences_gone.empty())
		lines.say("the text that these cases rest on is gone or reworded: " + join(state.sentences_gone));
	if (!state.sentences_new.empty())
		lines.say("the text that these cases rest on is there now: " + join(state.sentences_new));
	return lines.text();
}

std::string describe(const Verdict &verdict, const std::vector<State> &states, double seconds, std::size_t width)
{
	Lines lines(width);
	const auto failing = verdict.whole.of(Change::still_failing).size() + verdict.whole.of(Change::fails_differently).size();
	if (failing > 0)
		lines.say(fmt::format("{} failed before and still {}", failing == 1 ? "one case" : cases(failing), failing == 1 ? "does" : "do"));
	if (verdict.whole.worse()) {
		report::Comparison only;
		std::copy_if(verdict.whole.changes.begin(), verdict.whole.changes.end(), std::back_inserter(only.changes),
			     [](const Change &c) { return report::is_worse(c.kind); });
		lines.say(only);
	}
	for (const std::string &stale : verdict.whole.stale)
		lines.say(stale);
	if (!verdict.not_bisectable.empty())
		lines.say("not bisectable: " + join(verdict.not_bisectable, 8));
	else if (states.size() > 2)
		lines.say("bisectable: every patch builds and boots, and none breaks what a later one mends");
	double building = 0, booting = 0;
	bool all_kept = true;
	for (const State &state : states) {
		building += state.built.seconds;
		booting += state.boot_seconds;
		all_kept = all_kept && state.built.cached && state.recorded;
	}
	lines.say(fmt::format("{} in all: {} building, {} booting and judging, {} the rest{}", in_seconds(seconds), in_seconds(building),
			      in_seconds(booting), in_seconds(std::max(0.0, seconds - building - booting)),
			      all_kept ? "; everything had been built and run before" : ""));
	return lines.text();
}

std::string reply(const std::vector<State> &states, const Verdict &verdict, const Circumstances &about)
{
	constexpr std::size_t width = 72;
	const Series &series = *about.series;
	std::string text;
	if (!series.subject.empty()) {
		text += "Subject: Re: " + series.subject + "\n";
		if (!series.to.empty())
			text += "To: " + series.to + "\n";
		if (!series.message_id.empty())
			text += "In-Reply-To: " + series.message_id + "\nReferences: " + series.message_id + "\n";
		text += "\n";
	}
	text += report::wrap(fmt::format("exit24 {} says: {}.", version, verdict.words), "", width) + "\n";
	std::string modes;
	for (const report::Cell &cell : states.front().cells)
		if (cell.skip.empty() && !cell.recording.boots.empty())
			modes += fmt::format("{} on {}, ", cell.mode, cell.recording.boots.front().machine.value("cpu", "?"));
	const std::string kernel = states.front().cells.empty() ? "" : "kernel " + states.front().cells.front().kernel + ", ";
	text += report::wrap("Environment: emulated EL2 of " + about.qemu + ", no hardware; " + modes + kernel +
				     (about.commit.empty() ? "" : "commit " + about.commit.substr(0, 12) + ", ") +
				     "built from a small configuration by " + about.compiler + ".",
			     "", width) + "\n";
	// Each state is a column: "base", "+1", "+2"
	std::map<std::string, std::vector<std::string>> rows;
	std::map<std::string, std::size_t> passed;
	std::vector<std::string> heads;
	std::size_t judged = 0;
	for (std::size_t i = 0; i < states.size(); i++) {
		heads.push_back(i == 0 ? "base" : about.whole ? "all" : "+" + std::to_string(i));
		for (const report::Cell &cell : states[i].cells)
			for (std::size_t k = 0; k < cell.cases.size() && states[i].what == State::good; k++) {
				const std::string row = cell.cases[k]->parsed.name + " (" + cell.mode + ")";
				auto &columns = rows[row];
				columns.resize(states.size(), "-");
				columns[i] = judge::name(cell.verdicts[k].status);
				passed[row] += columns[i] == "pass" || columns[i] == "skip";
			}
	}
	judged = rows.size();
	std::erase_if(rows, [&](const auto &row) { return passed[row.first] == states.size(); });
	for (std::size_t i = 1; i < states.size(); i++) {
		const std::string why = trouble(states[i]);
		text += report::wrap(heads[i] + " " + states[i].subject + (why.empty() ? "" : ": " + why), "  ", width);
	}
	text += "\n";
	if (judged == 0) {
		text += "No case was judged.\n";
	} else if (rows.empty()) {
		text += report::wrap(fmt::format("All {} cases pass, or are skipped, in all of these kernels.", judged), "", width);
	} else {
		constexpr std::size_t most = 40;
		// Words while they fit, else their first letters; a name that leaves no place gets a line of its own.
		const bool words = 7 * heads.size() + 2 <= width;
		const auto line = [&](const std::string &name, const std::vector<std::string> &columns) {
			std::string right;
			for (const std::string &c : columns)
				right += words ? fmt::format("{:>7}", c) : fmt::format("{:>4}", c.substr(0, c[0] == '+' ? 3 : 1));
			if (name.size() + right.size() > width)
				return name.substr(0, width) + "\n" + (right.size() < width ? std::string(width - right.size(), ' ') : "") + right + "\n";
			return name + std::string(width - name.size() - right.size(), ' ') + right + "\n";
		};
		text += line("cases that do not pass everywhere", heads);
		std::size_t n = 0;
		for (const auto &[row, columns] : rows) {
			if (n++ == most) {
				text += fmt::format("and {} more\n", rows.size() - most);
				break;
			}
			text += line(row, columns);
		}
	}
	if (!verdict.not_bisectable.empty()) {
		text += "\nNot bisectable:\n";
		for (const std::string &what : verdict.not_bisectable)
			text += report::wrap(what, "  ", width);
	}
	if (!about.tested_by.empty())
		text += "\nTested-by: " + about.tested_by + "\n";
	return report::harmless(text);
}

Json to_json(const std::vector<State> &states, const Verdict &verdict, const Circumstances &about)
{
	static constexpr const char *names[] = {"good", "does not apply", "does not build", "does not boot", "not judged"};
	const auto changes_of = [](const report::Comparison &comparison) {
		Json all = Json::array();
		for (const Change &c : comparison.changes)
			all.push_back({{"kind", report::name(c.kind)}, {"case", c.name}, {"mode", c.mode}, {"rules", c.rules},
				       {"before", c.before}, {"after", c.after}});
		return all;
	};
	Json out;
	out["validation"] = 1;
	out["tool"] = {{"name", "exit24"}, {"version", version}};
	out["series"] = about.series->title;
	out["tree"] = about.tree;
	if (!about.commit.empty())
		out["commit"] = about.commit;
	out["compiler"] = about.compiler;
	out["qemu"] = about.qemu;
	out["notes"] = about.series->notes;
	Json &all = out["states"] = Json::array();
	for (const State &state : states) {
		Json item = {{"name", state.name}, {"subject", state.subject}, {"state", names[state.what]}};
		if (!state.why.empty())
			item["why"] = state.why;
		item["files"] = Json::array();
		for (const FileChange &file : state.files)
			item["files"].push_back(file.path);
		if (state.built.ok)
			item["image"] = {{"sha256", state.built.image_sha256}, {"cached", state.built.cached}, {"same_as_before", state.same_image}};
		item["recorded_before"] = state.recorded;
		item["seconds"] = {{"build", state.built.seconds}, {"boot", state.boot_seconds}};
		item["changes"] = changes_of(state.comparison);
		item["header"] = {{"broken", state.header_broken}, {"mended", state.header_mended}};
		item["sentences"] = {{"gone", state.sentences_gone}, {"new", state.sentences_new}};
		all.push_back(std::move(item));
	}
	out["verdict"] = {{"words", verdict.words}, {"changes", changes_of(verdict.whole)}, {"not_bisectable", verdict.not_bisectable}};
	out["seconds"] = about.seconds;
	out["exit_status"] = verdict.status;
	return out;
}

Json b4_result(const std::vector<State> &states, const Verdict &verdict, const Circumstances &about, bool last_only)
{
	constexpr std::size_t width = 78;
	bool notable = !last_only && !verdict.not_bisectable.empty();
	std::string details;
	for (const State &state : states) {
		if (last_only && &state != &states.back())
			continue;
		notable = notable || !state.sentences_gone.empty() || state.what == State::unjudged ||
			  std::any_of(state.comparison.changes.begin(), state.comparison.changes.end(),
				      [](const Change &c) { return is_notable(c.kind) || c.kind == Change::not_judged; });
		details += report::harmless(state.name + " " + state.subject) + "\n" + describe(state, width);
	}
	int status = verdict.status;
	std::string summary = verdict.words;
	if (last_only) {
		const State &last = states.back();
		status = last.what == State::does_not_apply || last.what == State::does_not_build ? 4 : is_worse(last) ? 1 : 0;
		summary = !trouble(last).empty() ? trouble(last) : in_short(last.comparison);
		for (const std::string &wrong : last.header_broken)
			summary += (summary.empty() ? "" : "; ") + wrong;
		if (summary.empty())
			summary = last.same_image ? "the kernel is the same byte for byte" : "nothing changed";
	} else {
		details += verdict.words + "\n" + describe(verdict, states, about.seconds, width);
	}
	std::string modes;
	for (const report::Cell &cell : states.front().cells)
		modes += (modes.empty() ? "" : ", ") + cell.mode;
	details += report::wrap("emulated EL2 of " + about.qemu + ", no hardware" + (modes.empty() ? "" : "; " + modes), "", width);
	return {{"tool", "exit24"},
		{"status", status == 1 || status == 4 ? "fail" : status != 0 || notable ? "warn" : "pass"},
		{"summary", report::harmless(summary)},
		{"details", details}};
}

double seconds_left(const std::vector<double> &times, std::size_t left, double spent)
{
	if (times.empty())
		return 0;
	const double each = std::accumulate(times.begin(), times.end(), 0.0) / static_cast<double>(times.size());
	return std::max(1.0, each * static_cast<double>(left) - spent);
}

} // namespace exit24::series
