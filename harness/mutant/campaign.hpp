// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "judge/judge.hpp"
#include "machine/machine.hpp"
#include "model/plan.hpp"
#include "mutant/mutant.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace exit24::mutant {

/// What became of one mutant.
enum class Fate {
	killed,      ///< a case that passes on the kernel as it was fails, hangs or crashes
	noticed,     ///< only a behaviour that nothing promises is another one: shown for review
	survived,    ///< every case passes
	equivalent,  ///< every case passes, and its file says why nobody can notice
	not_built,   ///< the compiler does not take it
	not_applied, ///< the code is not in this kernel
	not_run,     ///< the mode it needs is not to be had here
	refused,     ///< the agent refuses to work with this kernel, so nothing is judged and nothing is green
};
std::string_view name(Fate fate);

struct Killer {
	std::string case_name;
	std::string verdict; ///< "fail", "hang", "crash", "review", or "uapi" for the check of a header
};

struct Outcome {
	std::string mutant;
	Fate fate = Fate::survived;
	std::vector<Killer> killers; ///< all that noticed among the cases that were run
	std::string reason;          ///< of a fate that needs one
	std::string how;             ///< "switch": one kernel for all; "kernel": one for itself; "headers"
	std::string mode;
	std::size_t cases = 0;    ///< judged
	std::size_t lost = 0;     ///< run, and not judged: the machine or the agent failed
	double build_seconds = 0; ///< of a kernel for itself
	double run_seconds = 0;
};

/// One kernel with a switch, or with one mutant.
struct Trial {
	const Mutant *mutant;
	unsigned number; ///< of the switch; 0: the kernel itself is the mutant
	Outcome *outcome;
};

/// The cases of a campaign, with what the kernel as it was says to them.
struct Suite {
	const std::vector<model::CaseText> *cases;
	const model::Guests *guests;
	struct Base {
		judge::Verdict verdict;
		std::uint64_t ns = 0; ///< of the target's clock
	};
	std::map<std::string, Base> baseline;

	/// Whether a case can tell something: it passes on the kernel as it was. One that was skipped there may run on a
	/// kernel of the mutant's own, of which the target's facts are probed anew.
	bool tells(const std::string &case_name, bool own_kernel) const;
};

/// Judges every case on a machine as it is, or with the switch set to 0.
Result<std::map<std::string, Suite::Base>> run_baseline(machine::Machine &machine, const Suite &suite, bool with_switch);

/// Tries mutants one after the other on a machine: for each first the cases that name its rules, then, for those that
/// are not killed, the others; with `all`, every case for every mutant. Calls `done` for each that is decided.
void try_mutants(machine::Machine &machine, const Suite &suite, std::vector<Trial> trials, bool all,
		 const std::function<void(const Trial &)> &done);

} // namespace exit24::mutant
