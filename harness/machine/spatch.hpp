// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "mutant/mutant.hpp"
#include "mutant/schemata.hpp"

namespace exit24::mutant {

/// Coccinelle's program.
class Spatch {
public:
	/// An Error says which Debian package has it.
	static Result<Spatch> find();

	/// The files of a kernel tree that a mutant changes, with their new content; none if it does not apply there.
	/// `scratch` is a folder of ours. An Error if the semantic patch is wrong.
	Result<Files> apply(const Mutant &mutant, const std::string &tree, const std::string &scratch) const;

	/// What a semantic patch with Python prints about one file, line by line.
	Result<std::vector<std::string>> ask(const std::string &patch, const std::vector<std::string> &arguments,
					     const std::string &file) const;

private:
	explicit Spatch(std::string program) : program_(std::move(program)) {}
	std::string program_;
};

} // namespace exit24::mutant
