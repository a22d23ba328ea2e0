// SPDX-License-Identifier: GPL-2.0-only
#include "report/timeline.hpp"

#include "report/page_map.hpp"

#include <algorithm>
#include <cerrno>
#include <map>
#include <tuple>

namespace exit24::report {

namespace {

std::string outcome(const SeenStep &step)
{
	std::string out = step.op + " returned " + std::to_string(step.rc);
	if (step.error)
		out += ", errno " + std::to_string(step.error);
	if (const std::string page = describe_page(step.page); !page.empty())
		out += ", " + page;
	return out;
}

/// The parts of a list of facts that the other one does not have.
std::string only(const std::string &facts, const std::string &other)
{
	std::string out;
	for (std::size_t at = 0; at < facts.size();) {
		const std::size_t end = std::min(facts.find(", ", at), facts.size());
		const std::string fact = facts.substr(at, end - at);
		if ((", " + other + ", ").find(", " + fact + ", ") == std::string::npos)
			out += (out.empty() ? "" : ", ") + fact;
		at = end + 2;
	}
	return one_line(out.empty() ? "nothing of it" : out, 300);
}

/// A signal has ended KVM_RUN, so that the registers depend on when it came.
bool by_signal(const SeenStep &step)
{
	return step.error == EINTR;
}

std::string first_difference(const SeenCase &before, const SeenCase &after)
{
	if (before.steps_left_out || after.steps_left_out)
		return "other observations";
	for (std::size_t i = 0; i < std::min(before.steps.size(), after.steps.size()); i++) {
		const SeenStep &a = before.steps[i], &b = after.steps[i];
		const std::string where = "step " + std::to_string(a.step) + ": ";
		if (outcome(a) != outcome(b))
			return where + outcome(a) + " -> " + outcome(b);
		if (a.facts != b.facts && !by_signal(a))
			return where + only(a.facts, b.facts) + " -> " + only(b.facts, a.facts);
		if (a.page != b.page)
			return where + "other bytes of kvm_run";
	}
	return before.steps.size() == after.steps.size() ? "other observations" : "another number of steps";
}

Turn turn(Grade before, Grade after)
{
	const auto good = [](Grade g) { return g == Grade::good || g == Grade::look; };
	if (after == Grade::bad && before != Grade::bad)
		return Turn::broke;
	if (before == Grade::bad && good(after))
		return Turn::mended;
	if (before == Grade::skipped && good(after))
		return Turn::came;
	return good(before) && after == Grade::skipped ? Turn::went : Turn::verdict;
}

} // namespace

std::string_view name(Turn turn)
{
	switch (turn) {
	case Turn::broke:
		return "broke";
	case Turn::mended:
		return "mended";
	case Turn::went:
		return "went";
	case Turn::came:
		return "came";
	case Turn::verdict:
		return "verdict changed";
	case Turn::changed:
		return "observations changed";
	}
	return "";
}

std::vector<Milestone> milestones(const std::vector<Stretch> &stretches)
{
	constexpr std::string_view lacks = "lacks ", without = "is for kernels without ";
	std::vector<Milestone> out;
	std::map<std::tuple<std::string, std::string, Turn, std::string>, std::size_t> places; // in out
	std::map<std::pair<std::string, std::string>, std::size_t> kernels; // in the order given
	for (const Stretch &s : stretches) {
		kernels.emplace(std::pair(s.before->kernel, s.after->kernel), kernels.size());
		for (const Turned &t : s.changes) {
			if (t.turn == Turn::changed)
				continue;
			const std::string &reason = t.turn == Turn::came ? t.before->reason : t.after->reason;
			const std::string what = t.turn == Turn::came && reason.starts_with(lacks) ? reason.substr(lacks.size())
						 : t.turn == Turn::went && reason.starts_with(without)
							 ? "what kernels without " + reason.substr(without.size()) + " do"
						 : t.turn == Turn::came || t.turn == Turn::went ? reason
												: t.how;
			const auto [place, added] = places.emplace(std::tuple(s.before->kernel, s.after->kernel, t.turn, what), out.size());
			if (added)
				out.push_back({s.before->kernel, s.after->kernel, t.turn, what, {}, {}});
			Milestone &m = out[place->second];
			m.cases.insert(t.after->name);
			m.modes.insert(s.after->mode);
		}
	}
	const auto order = [&](const Milestone &m) { return std::pair(kernels.at({m.before, m.after}), m.turn); };
	std::stable_sort(out.begin(), out.end(), [&](const Milestone &a, const Milestone &b) { return order(a) < order(b); });
	return out;
}

std::vector<Stretch> timeline(const View &view)
{
	std::vector<Stretch> out;
	std::map<std::string, const SeenCell *> last; // by mode
	for (const SeenCell &cell : view.cells) {
		if (cell.cases.empty())
			continue;
		const SeenCell *before = last[cell.mode];
		last[cell.mode] = &cell;
		if (!before)
			continue;
		Stretch stretch{before, &cell, {}, 0, 0, 0};
		std::map<std::string, const SeenCase *> cases;
		for (const SeenCase &c : before->cases)
			cases[c.name] = &c;
		for (const SeenCase &c : cell.cases) {
			const auto it = cases.find(c.name);
			if (it == cases.end()) {
				stretch.only_after++;
				continue;
			}
			const SeenCase &old = *it->second;
			if (old.verdict != c.verdict)
				stretch.changes.push_back({turn(grade(old.verdict), grade(c.verdict)), &old, &c,
							   old.verdict + " -> " + c.verdict +
								   (c.reason.empty() ? old.reason.empty() ? "" : ": before, " + old.reason
										     : ": " + c.reason)});
			else if (old.seen != c.seen)
				stretch.changes.push_back({Turn::changed, &old, &c, first_difference(old, c)});
			else
				stretch.same++;
			cases.erase(it);
		}
		stretch.only_before = cases.size();
		std::stable_sort(stretch.changes.begin(), stretch.changes.end(),
				 [](const Turned &a, const Turned &b) { return a.turn < b.turn; });
		out.push_back(std::move(stretch));
	}
	return out;
}

} // namespace exit24::report
