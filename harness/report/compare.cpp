// SPDX-License-Identifier: GPL-2.0-only
#include "report/compare.hpp"

#include "report/report.hpp"

#include <algorithm>
#include <map>

namespace exit24::report {

namespace {

// A case that takes so much longer, by the clock of the target, is worth a line.
constexpr double slower_by = 2;
constexpr std::uint64_t slower_least_ns = 5'000'000;

bool is_failure(const std::string &verdict)
{
	return verdict == "fail" || verdict == "hang" || verdict == "crash";
}

/// Good, and maybe better than the list of known failures has it.
bool passes(const std::string &verdict)
{
	return verdict == "pass" || verdict == "fixed";
}

/// "fail: the event has the wrong type (type: KVM_SYSTEM_EVENT_SHUTDOWN (1))"
std::string in_words(const SeenCase &c)
{
	if (c.verdict == "fixed")
		return "pass";
	const std::string text = c.reason.empty() ? c.verdict : c.verdict + ": " + c.reason;
	if (!is_failure(c.verdict) && c.verdict != "review" && c.verdict != "known-fail")
		return text;
	std::string seen;
	std::size_t n = 0;
	for (const SeenLine &line : c.differences) {
		if (n++ == 2) {
			seen += ", ...";
			break;
		}
		seen += (seen.empty() ? "" : ", ") + line.what + " is " + (line.got.empty() ? "nothing" : line.got);
	}
	return seen.empty() ? text : text + " (" + seen + ")";
}

/// Pairs of cells: those of the same mode, or the only ones.
std::vector<std::pair<const SeenCell *, const SeenCell *>> pairs(const View &a, const View &b)
{
	std::vector<std::pair<const SeenCell *, const SeenCell *>> all;
	if (a.cells.size() == 1 && b.cells.size() == 1)
		return {{&a.cells[0], &b.cells[0]}};
	std::vector<bool> used(a.cells.size());
	for (const SeenCell &cell : b.cells) {
		const SeenCell *partner = nullptr;
		std::size_t at = 0;
		for (std::size_t i = 0; i < a.cells.size(); i++)
			if (!used[i] && a.cells[i].mode == cell.mode && (!partner || a.cells[i].kernel == cell.kernel)) {
				partner = &a.cells[i];
				at = i;
			}
		if (partner)
			used[at] = true;
		all.emplace_back(partner, &cell);
	}
	return all;
}

} // namespace

bool is_worse(Change::Kind kind)
{
	return kind == Change::newly_failing;
}

std::string_view name(Change::Kind kind)
{
	switch (kind) {
	case Change::newly_failing:
		return "newly failing";
	case Change::fails_differently:
		return "fails in another way";
	case Change::fixed:
		return "fixed";
	case Change::newly_skipped:
		return "newly skipped";
	case Change::for_review:
		return "changed, for review";
	case Change::not_judged:
		return "not judged";
	case Change::still_failing:
		return "same failure as before";
	case Change::known:
		return "known failure";
	case Change::slower:
		return "slower";
	case Change::newly_run:
		return "newly run, and good";
	case Change::gone:
		return "no longer run";
	}
	return "";
}

bool Comparison::worse() const
{
	return std::any_of(changes.begin(), changes.end(), [](const Change &c) { return is_worse(c.kind); });
}

std::vector<const Change *> Comparison::of(Change::Kind kind) const
{
	std::vector<const Change *> all;
	for (const Change &change : changes)
		if (change.kind == kind)
			all.push_back(&change);
	return all;
}

Comparison compare(const View &a, const View &b)
{
	Comparison out;
	for (const auto &[left, right] : pairs(a, b)) {
		std::map<std::string, const SeenRun *> before;
		if (left)
			for (const SeenRun &c : left->cases)
				before[c->name] = &c;
		const std::string &mode = right->mode;
		for (const SeenRun &run : right->cases) {
			const SeenCase &c = run;
			Change change;
			change.mode = mode;
			change.name = c.name;
			change.title = c.title;
			for (const std::string &rule : c.rules)
				change.rules += (change.rules.empty() ? "" : " ") + rule;
			const auto it = before.find(change.name);
			const SeenRun *old = it == before.end() ? nullptr : it->second;
			const std::string was = old ? (*old)->verdict : "", &now = c.verdict;
			change.before = old ? in_words(*old) : "not run";
			change.after = in_words(c);
			out.compared += old != nullptr;

			const auto add = [&](Change::Kind kind) {
				change.kind = kind;
				out.changes.push_back(change);
			};
			if (now == "fixed")
				out.stale.push_back("the known failure of " + change.name + " (" + mode + ") does not fail any more; take it off the list");
			if (now == "known-fail")
				add(Change::known);
			else if (is_failure(now) && is_failure(was))
				add(change.before == change.after ? Change::still_failing : Change::fails_differently);
			else if (is_failure(now))
				add(Change::newly_failing);
			else if (now == "error" && was != "error")
				add(Change::not_judged);
			else if (now == "skip" && was != "skip" && old)
				add(Change::newly_skipped);
			else if (now == "review" && change.before != change.after)
				add(Change::for_review);
			else if ((is_failure(was) || was == "known-fail") && passes(now))
				add(Change::fixed);
			else if (was == "review" && passes(now))
				add(Change::for_review);
			else if (passes(now) && !passes(was))
				add(Change::newly_run);
			else if (passes(now) && old && old->ns > 0 && run.ns > old->ns + slower_least_ns &&
				 static_cast<double>(run.ns) > slower_by * static_cast<double>(old->ns)) {
				change.before = std::to_string(old->ns / 1000) + " us";
				change.after = std::to_string(run.ns / 1000) + " us";
				add(Change::slower);
			}
			if (it != before.end())
				before.erase(it);
		}
		for (const auto &[case_name, c] : before)
			out.changes.push_back({Change::gone, mode, case_name, (*c)->title, "", in_words(*c), "not run"});
	}
	std::stable_sort(out.changes.begin(), out.changes.end(), [](const Change &x, const Change &y) { return x.kind < y.kind; });
	return out;
}

std::string describe(const Comparison &comparison, std::size_t width, std::size_t most)
{
	std::string out;
	for (std::size_t at = 0; at < comparison.changes.size();) {
		const Change::Kind kind = comparison.changes[at].kind;
		// One case that does the same in several modes is told once.
		std::map<std::string, std::vector<const Change *>> same;
		std::vector<std::string> order;
		std::size_t n = 0;
		for (; at < comparison.changes.size() && comparison.changes[at].kind == kind; at++, n++) {
			const Change &c = comparison.changes[at];
			const std::string key = c.name + "\n" + c.before + "\n" + c.after;
			if (!same.contains(key))
				order.push_back(key);
			same[key].push_back(&c);
		}
		out += std::string(name(kind)) + ": " + std::to_string(n) + "\n";
		const std::size_t shown = kind == Change::still_failing || kind == Change::newly_run ? std::min<std::size_t>(most, 3) : most;
		for (std::size_t i = 0; i < order.size() && i < shown; i++) {
			const std::vector<const Change *> &changes = same[order[i]];
			std::string modes;
			for (const Change *c : changes)
				modes += (modes.empty() ? "" : ", ") + c->mode;
			const Change &c = *changes.front();
			out += wrap(c.name + " (" + modes + (c.rules.empty() ? "" : "; " + c.rules) + ")", "  ", width);
			if (kind == Change::still_failing || kind == Change::known)
				out += wrap(c.after, "      ", width);
			else
				out += wrap("was " + c.before, "      ", width) + wrap("now " + c.after, "      ", width);
		}
		if (order.size() > shown)
			out += "  and " + std::to_string(order.size() - shown) + " more\n";
	}
	for (const std::string &stale : comparison.stale)
		out += wrap(stale, "", width);
	return harmless(out);
}

} // namespace exit24::report
