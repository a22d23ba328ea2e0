// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "agent/line.hpp"
#include "base/unique_fd.hpp"

#include <cstdint>
#include <pthread.h>
#include <string>

namespace exit24::agent {

/// What all processes of the agent share.
struct Shared {
	Shared();

	/// Held while a line gets its number and is written, so that lines come in the order of their numbers.
	/// Who dies with it gives it back.
	pthread_mutex_t turn;
	std::uint64_t seq = 1; ///< of the next line; line 0 of a boot is the controller's
};

/// Where the agent's lines go. When emit() returns, the line has left the process.
class Channel {
public:
	Channel(UniqueFd fd, Shared &shared)
		: fd_(std::move(fd)), shared_(shared), out_(new char[Line::limit + 8 * held_limit])
	{
		held_.reserve(held_limit);
	}

	void emit(const Line &line);
	void emit(const model::Json &record);
	/// A short line that goes out with the next one of this process, in the same write; for when that comes at once.
	void hold(const Line &line);
	/// For tests of the controller: of the next line of this process, only the first half is written.
	void tear_next() { tear_ = true; }

private:
	void take_turn();
	void write_all(std::string_view text);

	static constexpr std::size_t held_limit = 8192;

	UniqueFd fd_;
	Shared &shared_;
	std::unique_ptr<char[]> out_; ///< what is being written
	std::string held_; ///< records, a newline behind each
	bool tear_ = false;
};

} // namespace exit24::agent
