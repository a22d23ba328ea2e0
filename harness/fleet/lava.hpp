// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"
#include "machine/setup.hpp"
#include "model/cell.hpp"

#include <string>
#include <vector>

namespace exit24::fleet {

/// What a LAVA job is made of.
struct LavaJob {
	model::Cell cell;
	machine::Setup setup;
	bool u_boot = false; ///< a board with its own processor; else LAVA's QEMU
	std::string device_type = "qemu";
	std::string kernel, ramdisk, dtb; ///< URLs; no dtb without a board
	unsigned cpus = 1, memory_mib = 512;
	bool real_clock = false;
	unsigned minutes = 20; ///< the job's time limit
};

/// How a kernel of a board is told its mode.
Result<machine::Setup> board_setup(const std::string &mode, const std::string &append);

/// The definition of the job, YAML as the schema of LAVA 2023.01 has it. What LAVA reads out of the console are KTAP
/// lines that never say that a case passed: "skip" is one that was recorded, "fail" one that was not.
std::string lava_job(const LavaJob &job);

/// How LAVA stores the name of a case: it makes it lower case, and what is no letter, digit or '_' becomes '_'.
std::string lava_name(std::string_view name);

/// An Error if LAVA would take two of them for one.
Result<void> check_lava_names(const std::vector<std::string> &names);

/// The regular expression for a line of a case, as Python and pexpect read it.
std::string lava_pattern();

} // namespace exit24::fleet
