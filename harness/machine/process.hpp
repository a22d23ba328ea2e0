// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace exit24::machine {

/// Set by the signal handler of the program; every wait looks at it and ends soon.
void interrupt();
bool interrupted();

/// What is to be started. Never a shell: arguments reach the program as they are.
struct Command {
	std::string program; ///< a path
	std::vector<std::string> arguments;
	std::string directory;                               ///< to run in; "" for ours
	std::optional<std::vector<std::string>> environment; ///< all of it, "NAME=value"; ours without
};

/// A child process in a process group of its own, with no input. The group is killed with the object.
class Process {
public:
	/// Both streams go to the file `log`.
	static Result<Process> start(const Command &command, const std::string &log);
	static Result<Process> start(const std::string &program, const std::vector<std::string> &arguments,
				     const std::string &log)
	{
		return start(Command{program, arguments, "", std::nullopt}, log);
	}
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

/// How a command ended.
struct Ran {
	enum How { succeeded, failed, late, interrupted } how = succeeded;
	std::string end; ///< "status 1", for a person
};

/// Runs a command to its end, with both streams in the file `log`, and calls `watch` several times a second. One
/// that takes longer than `limit`, or that an interrupt stops, is killed with its whole process group.
Result<Ran> run(const Command &command, const std::string &log, std::chrono::milliseconds limit,
		const std::function<void()> &watch = {});

/// The path of a program in PATH, or as given if it has a slash.
std::optional<std::string> find_program(const std::string &name);

/// What a short command prints on both streams; an Error if it fails or takes longer than `limit`.
Result<std::string> output_of(const std::string &program, const std::vector<std::string> &arguments,
			      std::chrono::milliseconds limit);

} // namespace exit24::machine
