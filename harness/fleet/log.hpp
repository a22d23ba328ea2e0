// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"
#include "model/recording.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

/// Cells for machines that somebody else schedules: what is given to them, and what comes back.
namespace exit24::fleet {

/// What a log says of a machine that ran the exported initramfs.
struct Log {
	std::string cell; ///< id that the kernel's command line named, "" without
	model::Recording recording; ///< none if the agent never spoke
	std::string text; ///< the same, as model::parse_recording reads it
	/// What is wrong with the log, with its place; "" if all that the agent wrote is there. Then a case may be an error
	/// that nobody can blame on the kernel.
	std::string trouble;
	bool complete = false; ///< nothing is missing, or the kernel died and that is what there is to say
};

/// What the controller knows of a cell, by id; null if nothing.
using Facts = std::function<model::Json(const std::string &cell)>;

/// Reads a console's log, or the log of a LAVA job, whose lines of the target are taken. Everything in it is judged by
/// the checksums of the agent's lines, nothing by what LAVA makes of it. An Error if nothing in it is the agent's.
Result<Log> read_log(const std::string &file, std::string_view text, const Facts &facts);

/// The line of a target in a line of a LAVA job's log; none if it is another kind of line. The log is YAML, one flow
/// mapping of double-quoted scalars a line.
std::optional<std::string> target_line(std::string_view line);

} // namespace exit24::fleet
