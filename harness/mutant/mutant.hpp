// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "machine/spatch.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// Wrong kernels, made on purpose: what a suite does not notice in them it does not check.
namespace exit24::mutant {

/// One wrong kernel: a Coccinelle semantic patch with a header of `// key: value` lines, as
/// kernel-patches/mutants/README.md defines it.
struct Mutant {
	std::string name;               ///< of the file, without .cocci
	std::string path;
	std::string broken;             ///< what is wrong, in one sentence
	std::vector<std::string> rules; ///< which should notice
	std::string why;                ///< how a maintainer could come to it
	std::vector<std::string> files; ///< of the kernel tree, that are looked at
	std::string kind;               ///< "wrong", "hang", "panic", "race" or "header"
	std::string mode;               ///< the mode of KVM it needs to show; "" for any
	std::string equivalent;         ///< why nobody can notice; "" if somebody can

	/// Of a systematic mutant: the arguments that tell spatch which place it is.
	std::vector<std::string> arguments;
};

/// An Error names the file, the line, and what is to be mended.
Result<Mutant> parse_mutant(std::string name, const std::string &path, std::string_view text);

using Files = std::map<std::string, std::string>; ///< path in the tree to content

/// The files of a kernel tree that a mutant changes, with their new content; none if it does not apply there.
/// `scratch` is a folder of ours. An Error if the semantic patch is wrong.
Result<Files> apply(const machine::Spatch &spatch, const Mutant &mutant, const std::string &tree, const std::string &scratch);

/// The mutants of a folder that match one of the globs (all without any), by name.
Result<std::vector<Mutant>> load_mutants(const std::string &folder, const std::vector<std::string> &globs);

} // namespace exit24::mutant
