// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "machine/machine.hpp"

#include <string>

namespace exit24::machine {

/// What a mode comes to for an image in the lab.
struct Setup {
	std::string cpu, gic;
	std::string append; ///< the whole command line of the kernel
};
/// The mode must be one of modes().
Setup setup_of(const Image &image, const LabOptions &options);

} // namespace exit24::machine
