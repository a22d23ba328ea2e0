// SPDX-License-Identifier: GPL-2.0-only
#include "report/compare.hpp"

#include "report/report.hpp"

#include <algorithm>
#include <map>

namespace exit24::report {

using model::Malformed;
using model::Reader;

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
std::string in_words(const Json &c)
{
	std::string text = c.value("verdict", "");
	if (const std::string reason = c.value("reason", ""); !reason.empty())
		text += ": " + reason;
	if (c.value("verdict", "") == "fixed")
		return "pass";
	if (!is_failure(c.value("verdict", "")) && c.value("verdict", "") != "review" && c.value("verdict", "") != "known-fail")
		return text;
	std::string seen;
	std::size_t n = 0;
	for (const Json &d : c.value("differences", Json::array())) {
		if (n++ == 2) {
			seen += ", ...";
			break;
		}
		const std::string got = d.value("got", "");
		seen += (seen.empty() ? "" : ", ") + d.value("what", "") + " is " + (got.empty() ? "nothing" : got);
	}
	return seen.empty() ? text : text + " (" + seen + ")";
}

/// Pairs of cells: those of the same mode, or the only ones.
std::vector<std::pair<const Json *, const Json *>> pairs(const Json &a, const Json &b)
{
	std::vector<std::pair<const Json *, const Json *>> all;
	const Json &left = a["cells"], &right = b["cells"];
	if (left.size() == 1 && right.size() == 1)
		return {{&left[0], &right[0]}};
	std::vector<bool> used(left.size());
	for (const Json &cell : right) {
		const Json *partner = nullptr;
		std::size_t at = 0;
		for (std::size_t i = 0; i < left.size(); i++)
			if (!used[i] && left[i].value("mode", "") == cell.value("mode", "") &&
			    (!partner || left[i].value("kernel", "") == cell.value("kernel", ""))) {
				partner = &left[i];
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

Result<Json> parse_report(const std::string &file, const std::string &text)
{
	try {
		Json json = model::parse_strict(text);
		Reader root(json);
		if (root.at("report").count(0, 1000) != static_cast<std::uint64_t>(report_format))
			return Error{file + ": is a report of another format; this exit24 reads format " + std::to_string(report_format)};
		for (Reader cell : root.at("cells").array()) {
			cell.at("kernel").string();
			cell.at("mode").string();
			for (Reader c : cell.at("cases").array()) {
				c.at("case").string();
				c.at("verdict").string();
				if (auto reason = c.find("reason"))
					reason->string();
				if (auto title = c.find("title"))
					title->string();
				if (auto rules = c.find("rules"))
					rules->strings();
				if (auto ns = c.find("ns"))
					ns->count(0, UINT64_MAX);
				if (auto differences = c.find("differences"))
					for (Reader d : differences->array())
						for (const char *key : {"what", "want", "got"})
							d.at(key).string();
			}
		}
		return json;
	} catch (const Malformed &e) {
		return Error{file + ": is no report of exit24: " + (e.pointer.empty() ? "" : e.pointer + ": ") + e.reason};
	}
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

Comparison compare(const Json &a, const Json &b)
{
	Comparison out;
	for (const auto &[left, right] : pairs(a, b)) {
		std::map<std::string, const Json *> before;
		if (left)
			for (const Json &c : (*left)["cases"])
				before[c["case"]] = &c;
		const std::string mode = right->value("mode", "");
		for (const Json &c : (*right)["cases"]) {
			Change change;
			change.mode = mode;
			change.name = c["case"];
			change.title = c.value("title", "");
			for (const Json &rule : c.value("rules", Json::array()))
				change.rules += (change.rules.empty() ? "" : " ") + rule.get<std::string>();
			const auto it = before.find(change.name);
			const Json *old = it == before.end() ? nullptr : it->second;
			const std::string was = old ? old->value("verdict", "") : "", now = c.value("verdict", "");
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
			else if (passes(now) && old && c.contains("ns") && old->contains("ns")) {
				const auto ns = c["ns"].get<std::uint64_t>(), old_ns = (*old)["ns"].get<std::uint64_t>();
				if (ns > old_ns + slower_least_ns && static_cast<double>(ns) > slower_by * static_cast<double>(old_ns)) {
					change.before = std::to_string(old_ns / 1000) + " us";
					change.after = std::to_string(ns / 1000) + " us";
					add(Change::slower);
				}
			}
			if (it != before.end())
				before.erase(it);
		}
		for (const auto &[case_name, c] : before)
			out.changes.push_back({Change::gone, mode, case_name, c->value("title", ""), "", in_words(*c), "not run"});
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
