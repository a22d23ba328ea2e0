// SPDX-License-Identifier: GPL-2.0-only
#include "machine/session.hpp"

#include "machine/process.hpp"
#include "model/cell.hpp"

#include <algorithm>

namespace exit24::machine {

using model::Json;
using std::chrono::milliseconds;

namespace {

// A kernel that prints nothing for this long does not boot. Debian's needs 2 to 4 s on an idle machine.
constexpr milliseconds boot_patience{120'000};
constexpr milliseconds least_patience{10'000};
constexpr int boots_without_result = 2;
constexpr int tries_per_case = 2;
constexpr int tries_in_doubt = 4; // once beside others, then alone; more only if lines are lost

} // namespace

Session::Session(Machine &machine, std::vector<const model::CaseText *> cases, const model::Guests &guests,
		 Observer &observer)
	: machine_(machine), cases_(std::move(cases)), guests_(guests), observer_(observer)
{
}

void Session::add(const Json &record)
{
	take(record, builder_.next_seq());
}

void Session::take(const Json &record, std::uint64_t seq)
{
	if ((!usable_ || !observer_.enough().empty()) && !record.contains("boot_end"))
		return;
	if (!builder_.add(record, seq))
		return; // not one of ours after all
	const std::string name = record.contains("case") ? record["case"].get<std::string>() : "";
	text_ += model::frame(record, seq);

	if (record.contains("hello")) {
		const model::Hello &hello = *recording().boots.back().hello;
		const auto wall = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - boot_start_);
		slowness_ = std::clamp(wall.count() / static_cast<double>(std::max<std::uint64_t>(hello.uptime_ms, 1)), 1.0, 100.0);
		usable_ = model::wrong_mode(recording().boots.back()).empty();
		observer_.greeted(hello);
	} else if (record.contains("done")) {
		done_ = true;
	} else if (record.contains("begin")) {
		tries_[name]++;
		observer_.begun(name);
	} else if (record.contains("end")) {
		tell(name);
		for (const model::Doubt &d : recording().doubts)
			if (std::find(d.cases.begin(), d.cases.end(), name) != d.cases.end())
				for (const std::string &other : d.cases)
					tell(other);
	}
}

void Session::hear(std::string_view bytes, Stream stream)
{
	std::string &partial = partial_[stream];
	partial += bytes;
	std::size_t begin = 0;
	for (std::size_t end; (end = partial.find('\n', begin)) != std::string::npos; begin = end + 1) {
		model::Unframed line = model::unframe(std::string_view(partial).substr(begin, end - begin));
		if (line.kind != model::Unframed::record)
			continue; // a torn one leaves a hole in the sequence, unless it was the last
		line.json.erase("seq");
		line.json.erase("crc");
		take(line.json, line.seq);
	}
	partial.erase(0, begin);
	if (partial.size() > (1 << 20))
		partial.clear();
}

milliseconds Session::patience() const
{
	const model::Recording &r = recording();
	if (!usable_ || !observer_.enough().empty())
		return milliseconds(0);
	if (r.boots.empty() || !r.boots.back().hello)
		return boot_patience;
	unsigned deadline = 2000;
	for (const model::CaseText *c : cases_)
		if (std::find(r.running.begin(), r.running.end(), c->parsed.name) != r.running.end())
			deadline = std::max(deadline, c->parsed.deadline_ms);
	// The deadline is of the target's clock, which may go slower than ours.
	const auto limit = milliseconds(static_cast<long>(4 * slowness_ * (deadline + 1000)));
	return std::max(limit, least_patience);
}

/// Whether the case has to be run, or run again.
bool Session::to_run(const std::string &name) const
{
	const auto it = recording().cases.find(name);
	if (it == recording().cases.end())
		return true;
	const model::Boot &boot = recording().boots[it->second.boot];
	const bool boot_over = !boot.end.empty();
	if (it->second.torn || !boot.hello)
		return !boot_over || tries_.at(name) < tries_per_case;
	if (recording().in_doubt(name) && tries_.at(name) < tries_in_doubt)
		return true;
	return !it->second.ended && !boot_over;
}

/// Whether nothing more will be learnt about it, from those that ran beside it neither.
bool Session::finished(const std::string &name) const
{
	if (to_run(name))
		return false;
	for (const model::Doubt &d : recording().doubts)
		if (std::find(d.cases.begin(), d.cases.end(), name) != d.cases.end() &&
		    std::any_of(d.cases.begin(), d.cases.end(), [this](const auto &other) { return to_run(other); }))
			return false;
	return true;
}

void Session::tell(const std::string &name)
{
	if (!told_.contains(name) && finished(name)) {
		told_.insert(name);
		observer_.finished(recording(), name);
	}
}

void Session::run()
{
	int without_result = 0;
	while (!interrupted() && observer_.enough().empty()) {
		std::vector<const model::CaseText *> left;
		for (const model::CaseText *c : cases_)
			if (to_run(c->parsed.name) && observer_.wanted(c->parsed.name))
				left.push_back(c);
		if (left.empty())
			return;

		observer_.booting(recording().boots.size() + 1, left.size());
		done_ = false;
		for (std::string &partial : partial_)
			partial.clear();
		boot_start_ = std::chrono::steady_clock::now();
		take({{"boot", model::boot_facts(machine_.describe(), guests_, left)}}, 0);

		std::set<std::string> alone;
		for (const model::Doubt &d : recording().doubts)
			alone.insert(d.cases.begin(), d.cases.end());
		End end = machine_.boot(model::write_plan(left, guests_, wanted_, alone), *this);
		const std::string enough = done_ ? "" : observer_.enough();
		if (!enough.empty())
			end = {"machine", enough, end.console, ""};
		Json record = {{"kind", end.kind}, {"reason", end.reason}, {"console", end.console}};
		if (!end.registers.empty())
			record["registers"] = end.registers;
		add({{"boot_end", record}});
		const model::Boot &last = recording().boots.back();
		observer_.boot_ended(last);
		for (const model::CaseText *c : cases_)
			tell(c->parsed.name);
		for (const model::CaseText *c : left)
			if (!to_run(c->parsed.name))
				without_result = -1;

		if (!usable_ || (last.hello && last.hello->kvm_trouble))
			return; // another boot would not be another one
		if (++without_result == boots_without_result)
			return;
	}
}

} // namespace exit24::machine
