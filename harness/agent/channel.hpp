// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/unique_fd.hpp"
#include "model/reader.hpp"

#include <atomic>
#include <cstdint>

namespace exit24::agent {

/// What the supervisor and the process of the running case share.
struct Shared {
	std::atomic<std::uint64_t> seq{1}; ///< of the next line; line 0 of a boot is the controller's
	std::atomic<std::uint32_t> step{0};
	std::atomic<unsigned> lines_to_tear{0};
};

/// Where the agent's lines go. Each line is one write, and nothing is buffered.
class Channel {
public:
	Channel(UniqueFd fd, Shared &shared) : fd_(std::move(fd)), shared_(shared) {}

	void emit(const model::Json &record);
	/// For tests of the controller: of the next line but one, a case's first step, only the first half is written.
	void tear_soon() { shared_.lines_to_tear = 2; }

private:
	void write_all(std::string_view text);

	UniqueFd fd_;
	Shared &shared_;
};

} // namespace exit24::agent
