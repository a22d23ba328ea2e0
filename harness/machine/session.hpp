// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "machine/machine.hpp"
#include "model/plan.hpp"
#include "model/recording.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace exit24::machine {

/// Who is told how a session goes on.
class Observer {
public:
	virtual ~Observer() = default;
	/// The machine boots for the n-th time, from 1, with this many cases to run.
	virtual void booting(std::size_t n, std::size_t cases) = 0;
	virtual void greeted(const model::Hello &hello) = 0;
	virtual void begun(const std::string &name) = 0;
	/// Whether a case that has not been run yet is to be run in the next boot.
	virtual bool wanted(const std::string &) { return true; }
	/// Whether the session is to stop now, whatever has not been run. The reason for the recording; "" to go on.
	virtual std::string enough() const { return ""; }
	/// Nothing more will be learnt about the case.
	virtual void finished(const model::Recording &recording, const std::string &name) = 0;
	virtual void boot_ended(const model::Boot &boot) = 0;
};

/// Runs cases on a machine, over as many boots as that takes: what has ended stays, what was running when the
/// machine died is not run again, the rest runs after a new boot. If several were running, each is run again
/// alone, first thing after the new boot, so that only the guilty one is blamed; the same if the kernel warned
/// while several ran. A case whose lines were lost on the way is run once more.
class Session final : Listener {
public:
	Session(Machine &machine, std::vector<const model::CaseText *> cases, const model::Guests &guests,
		Observer &observer);

	/// Asks for files of the target at the end of each boot; model::Boot::files has them.
	void want(model::Wanted files) { wanted_ = std::move(files); }
	void run();

	const model::Recording &recording() const { return builder_.recording(); }
	/// All lines so far, as model::parse_recording reads them.
	const std::string &text() const { return text_; }

private:
	void hear(std::string_view bytes, Stream stream) override;
	bool done() const override { return done_ || !usable_ || !observer_.enough().empty(); }
	std::chrono::milliseconds patience() const override;

	void add(const model::Json &record);
	void take(const model::Json &record, std::uint64_t seq);
	bool to_run(const std::string &name) const;
	bool finished(const std::string &name) const;
	void tell(const std::string &name);

	Machine &machine_;
	std::vector<const model::CaseText *> cases_;
	const model::Guests &guests_;
	Observer &observer_;

	model::RecordingBuilder builder_;
	model::Wanted wanted_;
	std::string text_;
	std::string partial_[2]; ///< of each stream, the line that has not ended
	std::map<std::string, int> tries_;
	std::set<std::string> told_; ///< to the observer, as finished
	bool done_ = false;
	bool usable_ = true; ///< KVM runs in the mode that was asked for, as far as is known
	std::chrono::steady_clock::time_point boot_start_;
	double slowness_ = 1; ///< wall time over the target's time, of the boot so far
};

} // namespace exit24::machine
