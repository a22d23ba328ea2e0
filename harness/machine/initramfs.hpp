// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"

#include <string>

namespace exit24::machine {

/// An uncompressed newc archive with the agent as /init, the plan as /plan.json and a console.
Result<std::string> make_initramfs(const std::string &agent, const std::string &plan);

} // namespace exit24::machine
