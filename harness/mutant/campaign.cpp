// SPDX-License-Identifier: GPL-2.0-only
#include "mutant/campaign.hpp"

#include "machine/process.hpp"
#include "machine/session.hpp"
#include "mutant/schemata.hpp"

#include <algorithm>
#include <chrono>
#include <set>

namespace exit24::mutant {

using judge::Status;
using Clock = std::chrono::steady_clock;

std::string_view name(Fate fate)
{
	switch (fate) {
	case Fate::killed: return "killed";
	case Fate::noticed: return "noticed";
	case Fate::survived: return "survived";
	case Fate::equivalent: return "equivalent";
	case Fate::not_built: return "not-built";
	case Fate::not_applied: return "not-applied";
	case Fate::not_run: return "not-run";
	case Fate::refused: return "refused";
	}
	return "";
}

bool Suite::tells(const std::string &case_name, bool own_kernel) const
{
	const auto it = baseline.find(case_name);
	if (it == baseline.end())
		return false;
	const Status status = it->second.verdict.status;
	return status == Status::pass || (own_kernel && status == Status::skip);
}

namespace {

/// After the cases of a mutant, one case on the kernel as it was: whether the mutant left it as it was.
constexpr char witness_case[] = "system_off/reports-shutdown";

constexpr std::size_t most_in_a_boot = 3000; // cases: the agent has 512 MiB
constexpr std::size_t many = 40;             // trials
constexpr std::size_t slice_size = 20;       // cases

/// Listens to a session and decides.
class Watcher final : public machine::Observer {
public:
	Watcher(const Suite &suite, const std::vector<Trial> &trials, bool all) : suite_(suite), all_(all)
	{
		for (const Trial &t : trials)
			trials_[t.number] = &t;
	}

	/// Plans one case for one mutant.
	void plan(const model::CaseText &c, unsigned number, bool witness = false)
	{
		model::CaseText copy = c;
		// The target's clock counts instructions: what takes ten times as long as before hangs.
		const std::uint64_t before_ms = suite_.baseline.at(c.parsed.name).ns / 1'000'000;
		copy.parsed.deadline_ms = std::min(c.parsed.deadline_ms, static_cast<unsigned>(100 + 10 * before_ms));
		if (number != 0) {
			copy.parsed.name += (witness ? "@after-" : "@") + std::to_string(number);
			copy.set = model::Setting{switch_file, witness ? "0" : std::to_string(number)};
		}
		items_[copy.parsed.name] = {number, witness, c.parsed.name, planned_.size()};
		planned_.push_back(std::move(copy));
	}
	std::vector<const model::CaseText *> planned() const
	{
		std::vector<const model::CaseText *> out;
		for (const model::CaseText &c : planned_)
			out.push_back(&c);
		return out;
	}

	bool wanted(const std::string &planned) override
	{
		const Item &item = items_.at(planned);
		if (over_.contains(item.number))
			return false;
		return all_ || item.witness || trials_.at(item.number)->outcome->fate != Fate::killed;
	}
	void finished(const model::Recording &recording, const std::string &planned) override
	{
		const Item &item = items_.at(planned);
		const model::CaseText &c = planned_[item.place];
		const auto verdict = judge::judge(c.parsed, recording, *suite_.guests);
		const auto run = recording.cases.find(planned);
		if (run != recording.cases.end())
			boots_[item.number] = run->second.boot;
		if (item.witness) {
			if (verdict.status != Status::pass && run != recording.cases.end())
				spoilt_.insert(item.number);
			return;
		}
		Outcome &o = *trials_.at(item.number)->outcome;
		if (verdict.status == Status::error) {
			o.lost++;
			return;
		}
		o.cases++;
		if (judge::is_failure(verdict.status) || verdict.status == Status::review)
			o.killers.push_back({item.case_name, std::string(judge::name(verdict.status))});
		if (judge::is_failure(verdict.status))
			o.fate = Fate::killed;
		else if (verdict.status == Status::review && o.fate == Fate::survived)
			o.fate = Fate::noticed;
		// More of the same would only cost another boot.
		if (verdict.status == Status::crash || verdict.status == Status::hang)
			over_.insert(item.number);
	}
	void booting(std::size_t, std::size_t) override {}
	void greeted(const model::Hello &hello) override
	{
		if (hello.kvm_trouble)
			trouble_ = *hello.kvm_trouble;
	}
	void begun(const std::string &) override {}
	void boot_ended(const model::Boot &) override {}

	/// The mutants after which the kernel was not as before, and those that came later in the same boot.
	std::set<unsigned> spoilt() const
	{
		std::set<unsigned> out;
		for (const auto &[number, boot] : boots_)
			for (const unsigned first : spoilt_)
				if (first <= number && boots_.contains(first) && boots_.at(first) == boot)
					out.insert(number);
		return out;
	}
	const std::string &trouble() const { return trouble_; }

private:
	struct Item {
		unsigned number;
		bool witness;
		std::string case_name;
		std::size_t place;
	};
	const Suite &suite_;
	bool all_;
	std::map<unsigned, const Trial *> trials_;
	std::vector<model::CaseText> planned_;
	std::map<std::string, Item> items_;
	std::set<unsigned> over_, spoilt_;
	std::map<unsigned, std::size_t> boots_; ///< in which each was run last
	std::string trouble_;
};

bool names_a_rule_of(const model::Case &c, const Mutant &m)
{
	return std::any_of(c.rules.begin(), c.rules.end(), [&](const std::string &rule) {
		return std::find(m.rules.begin(), m.rules.end(), rule) != m.rules.end();
	});
}

/// Runs for each trial the cases that `choose` wants; the trials that a wrong kernel before them may have disturbed.
template <typename Choose>
std::set<unsigned> round(machine::Machine &machine, const Suite &suite, const std::vector<Trial> &trials, bool all,
			 const Choose &choose)
{
	const auto start = Clock::now();
	Watcher watcher(suite, trials, all);
	const auto witness = std::find_if(suite.cases->begin(), suite.cases->end(),
					  [](const auto &c) { return c.parsed.name == witness_case; });
	std::size_t planned = 0;
	for (const Trial &t : trials) {
		std::size_t of_this = 0;
		for (const model::CaseText &c : *suite.cases)
			if (suite.tells(c.parsed.name, t.number == 0) && choose(c.parsed, t)) {
				watcher.plan(c, t.number);
				of_this++;
			}
		if (of_this > 0 && t.number != 0 && witness != suite.cases->end())
			watcher.plan(*witness, t.number, true);
		planned += of_this;
	}
	if (planned == 0)
		return {};
	machine::Session session(machine, watcher.planned(), *suite.guests, watcher);
	session.run();
	const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
	for (const Trial &t : trials) {
		t.outcome->run_seconds += seconds / static_cast<double>(trials.size());
		if (!watcher.trouble().empty() && t.outcome->fate == Fate::survived) {
			t.outcome->fate = Fate::refused;
			t.outcome->reason = watcher.trouble();
		}
	}
	return watcher.spoilt();
}

/// The same in boots of a size that the agent has memory for.
template <typename Choose>
std::set<unsigned> rounds(machine::Machine &machine, const Suite &suite, const std::vector<Trial> &trials, bool all,
			  const Choose &choose)
{
	std::set<unsigned> spoilt;
	std::vector<Trial> batch;
	std::size_t planned = 0;
	for (const Trial &t : trials) {
		batch.push_back(t);
		planned += static_cast<std::size_t>(std::count_if(suite.cases->begin(), suite.cases->end(),
								  [&](const auto &c) { return choose(c.parsed, t); }));
		if (planned < most_in_a_boot && &t != &trials.back())
			continue;
		if (!machine::interrupted())
			spoilt.merge(round(machine, suite, batch, all, choose));
		batch.clear();
		planned = 0;
	}
	return spoilt;
}

} // namespace

Result<std::map<std::string, Suite::Base>> run_baseline(machine::Machine &machine, const Suite &suite, bool with_switch)
{
	class Quiet final : public machine::Observer {
		void booting(std::size_t, std::size_t) override {}
		void greeted(const model::Hello &) override {}
		void begun(const std::string &) override {}
		void finished(const model::Recording &, const std::string &) override {}
		void boot_ended(const model::Boot &) override {}
	} quiet;
	std::vector<model::CaseText> cases = *suite.cases;
	std::vector<const model::CaseText *> pointers;
	for (model::CaseText &c : cases) {
		if (with_switch)
			c.set = model::Setting{switch_file, "0"};
		pointers.push_back(&c);
	}
	machine::Session session(machine, pointers, *suite.guests, quiet);
	session.run();
	std::map<std::string, Suite::Base> out;
	std::size_t passed = 0;
	for (const model::CaseText &c : cases) {
		Suite::Base &base = out[c.parsed.name];
		base.verdict = judge::judge(c.parsed, session.recording(), *suite.guests);
		const auto run = session.recording().cases.find(c.parsed.name);
		base.ns = run == session.recording().cases.end() ? 0 : run->second.ns;
		passed += base.verdict.status == Status::pass;
	}
	if (passed == 0)
		return Error{"no case passes on the kernel without a mutant" +
			     (out.empty() ? std::string() : ": " + out.begin()->second.verdict.reason)};
	return out;
}

void try_mutants(machine::Machine &machine, const Suite &suite, std::vector<Trial> trials, bool all,
		 const std::function<void(const Trial &)> &done)
{
	std::vector<Trial> again;
	const auto spoil = [&](const std::set<unsigned> &spoilt) {
		// They cannot be trusted: each runs once more, by itself.
		for (auto it = trials.begin(); it != trials.end();) {
			if (!spoilt.contains(it->number)) {
				++it;
				continue;
			}
			*it->outcome = {it->outcome->mutant, Fate::survived, {}, "", it->outcome->how, it->outcome->mode, 0, 0,
					0, it->outcome->run_seconds};
			again.push_back(*it);
			it = trials.erase(it);
		}
	};
	const auto related = [](const model::Case &c, const Trial &t) { return names_a_rule_of(c, *t.mutant); };
	const auto rest = [&](const model::Case &c, const Trial &t) { return !names_a_rule_of(c, *t.mutant); };
	const auto open = [&](const Trial &t) {
		return all ? std::none_of(t.outcome->killers.begin(), t.outcome->killers.end(),
					  [](const Killer &k) { return k.verdict == "hang" || k.verdict == "crash"; })
			   : t.outcome->fate == Fate::survived || t.outcome->fate == Fate::noticed;
	};
	const auto settle = [&](std::vector<Trial> &list) {
		const auto over = std::stable_partition(list.begin(), list.end(), open);
		std::for_each(over, list.end(), done);
		list.erase(over, list.end());
	};

	spoil(rounds(machine, suite, trials, all, related));
	settle(trials);
	// Most are caught by the first cases: many are tried with a few, then what is left with the next few.
	const std::size_t slices = trials.size() > many ? std::max<std::size_t>(suite.cases->size() / slice_size, 1) : 1;
	for (std::size_t slice = 0; slice < slices && !machine::interrupted(); slice++) {
		const auto of_slice = [&](const model::Case &c, const Trial &t) {
			return rest(c, t) && std::hash<std::string>()(c.name) % slices == slice;
		};
		spoil(rounds(machine, suite, trials, all, of_slice));
		if (slice + 1 < slices)
			settle(trials);
	}
	for (const Trial &t : trials)
		done(t);
	for (const Trial &t : again) {
		if (machine::interrupted())
			return;
		std::vector<Trial> alone = {t};
		(void)rounds(machine, suite, alone, all, related);
		if (t.outcome->fate != Fate::killed)
			(void)rounds(machine, suite, alone, all, rest);
		done(t);
	}
}

} // namespace exit24::mutant
