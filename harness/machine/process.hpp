// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace exit24::machine {

/// Set by the signal handler of the program; every wait looks at it and ends soon.
void interrupt();
bool interrupted();

/// A child process in a process group of its own, with no input. The group is killed with the object.
class Process {
public:
	/// Both streams go to the file `log`. `program` is a path.
	static Result<Process> start(const std::string &program, const std::vector<std::string> &arguments,
				     const std::string &log);
	Process(Process &&) noexcept;
	Process &operator=(Process &&) noexcept;
	~Process();

	bool running();
	void kill();
	/// "status 1" or "signal 9 (Killed)", once it has ended.
	std::string how_it_ended();
	bool failed();

private:
	struct Impl;
	explicit Process(std::unique_ptr<Impl> impl);
	std::unique_ptr<Impl> impl_;
};

/// The path of a program in PATH, or as given if it has a slash.
std::optional<std::string> find_program(const std::string &name);

/// What a short command prints on both streams; an Error if it fails or takes longer than `limit`.
Result<std::string> output_of(const std::string &program, const std::vector<std::string> &arguments,
			      std::chrono::milliseconds limit);

} // namespace exit24::machine
