// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace exit24::machine {

/// Coccinelle's program, which applies semantic patches.
class Spatch {
public:
	/// An Error says which Debian package has it.
	static Result<Spatch> find();

	/// A file as a semantic patch changes it; as it was if nothing matches. `file` is its name in the tree, `scratch` a
	/// folder of ours. An Error if spatch does not take the patch, or takes too long.
	Result<std::string> apply(const std::string &patch, const std::vector<std::string> &arguments, const std::string &file,
				  std::string_view content, const std::string &scratch) const;

	/// What a semantic patch with Python prints about one file, line by line.
	Result<std::vector<std::string>> ask(const std::string &patch, const std::vector<std::string> &arguments,
					     const std::string &file) const;

private:
	explicit Spatch(std::string program) : program_(std::move(program)) {}
	Result<std::string> run(const std::string &patch, std::vector<std::string> arguments, const std::string &file) const;

	std::string program_;
};

} // namespace exit24::machine
