// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/unique_fd.hpp"

#include <string>

namespace exit24::machine {

/// As much of QEMU's machine protocol as the lab needs: why it shut down, and the registers of one that
/// hangs. Nothing here waits longer than `registers` says.
class Qmp {
public:
	explicit Qmp(std::string socket) : socket_(std::move(socket)) {}

	/// Takes in what QEMU has said; connects first.
	void poll();
	/// The reason of the SHUTDOWN event, "guest-shutdown", "guest-reset"..., or "".
	const std::string &shutdown_reason() const { return shutdown_reason_; }
	/// What "info registers -a" prints, or "" if QEMU does not answer within two seconds.
	std::string registers();

private:
	void send(const std::string &line);

	std::string socket_;
	UniqueFd fd_;
	std::string buffer_;
	std::string shutdown_reason_;
	std::string returned_;
};

} // namespace exit24::machine
