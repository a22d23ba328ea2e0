// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/unique_fd.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace exit24::agent {

/// Tells on the console of a machine that nobody else watches what has been recorded, and in KTAP how far that is.
/// The recording goes to a store in memory first and to the console when a case has ended: a console is slow, and a
/// case has a deadline. The KTAP never says that a case passed, which is for the controller to say: "ok ... # SKIP" is
/// a case that is recorded, "not ok ... # ERROR" one that is not, and each case that is planned has one of the two,
/// whatever becomes of the process that runs them.
class Teller {
public:
	/// The names must not change while it lives. What it keeps count of, it shares with the processes that are forked.
	Teller(UniqueFd console, UniqueFd store, std::vector<std::string> names);
	Teller(const Teller &) = delete;
	Teller &operator=(const Teller &) = delete;
	~Teller();

	/// Whether there was memory for it.
	bool good() const { return state_ != nullptr; }

	void begin();
	/// What has been recorded so far, to the last whole line.
	void flush();
	/// That, and the case's line. `trouble` says why it was not recorded.
	void ended(const std::string &name, const std::string &trouble);
	/// That, a line for each case that has none, and the last line.
	void finish(const std::string &why);

	/// Changes whenever something is told.
	std::uint64_t progress() const;

private:
	struct State;
	void say(std::string_view text);

	UniqueFd console_, store_;
	std::vector<std::string> names_;
	State *state_ = nullptr;
	std::atomic<bool> *told_ = nullptr; ///< for each name, whether it has its line
};

} // namespace exit24::agent
