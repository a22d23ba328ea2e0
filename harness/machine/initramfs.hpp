// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"

#include <string>

namespace exit24::machine {

/// The agent, which must be a whole program for arm64: what else is /init looks like a kernel that does not boot.
Result<std::string> read_agent(const std::string &path);

/// An uncompressed newc archive with the agent as /init, the plan as /plan.json and a console. With `boot`, the facts of
/// a model::Boot, it needs nobody who listens.
Result<std::string> make_initramfs(const std::string &agent, const std::string &plan, const std::string &boot = "");

} // namespace exit24::machine
