// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "series/workspace.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace exit24::series {

/// Applies a semantic patch to a workspace with Coccinelle's spatch; the files it changes. It says itself to which
/// files it is applied, in a comment "// files: arch/arm64/kvm/psci.c ...". An Error if it changes nothing, or if it
/// would run a script.
Result<std::vector<FileChange>> apply_semantic(Workspace &workspace, const std::string &name, std::string_view text);

/// The files that a semantic patch says it is for.
std::vector<std::string> semantic_files(std::string_view text);

} // namespace exit24::series
