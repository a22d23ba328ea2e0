// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"
#include "machine/process.hpp"
#include "series/workspace.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace exit24::series {

/// How to build kernels. What is left empty is found out.
struct BuildOptions {
	std::string fragment;             ///< the file kernel-patches/exit24.config
	std::string kconfig;              ///< more lines for it, "CONFIG_GCOV_KERNEL=y\n"
	std::vector<std::string> make;    ///< more variables, "GCOV_PROFILE_psci.o=y"
	unsigned jobs = 0;
	std::chrono::seconds limit{3600}; ///< for one kernel
	bool sandbox = true;              ///< in bubblewrap: no network, nothing but the output folder to write to
	bool keep = true;                 ///< look for the Image in the cache first, and keep it there
};

/// A kernel, or why there is none. Not building is an answer about the kernel, not an Error.
struct Built {
	bool ok = false;
	std::string image;       ///< path of the Image; in the cache with `keep`, else good until the next build
	std::string image_sha256;
	bool cached = false;     ///< nothing was compiled: this content has been built before
	double seconds = 0;
	std::size_t compiled = 0; ///< files
	std::string error;       ///< the compiler's first error, or what else went wrong, as one line
	std::string place;       ///< "arch/arm64/kvm/psci.c:12:3", if the compiler said so
	std::string log;         ///< all of what make said: a file, good until the next build
};

/// Builds workspaces, incrementally, with the same bytes for the same content. Where a change says what is run, it
/// is built in a folder apart, which is thrown away with that change: nothing it leaves there gets into another kernel.
class Builder {
public:
	/// An Error if a tool is missing, or if there can be no sandbox and the options want one.
	static Result<Builder> create(BuildOptions options);

	/// Builds what the workspace holds now. An Error if that could not be tried, or was interrupted.
	Result<Built> build(const Workspace &workspace, const Progress &progress = {}) const;

	const std::string &compiler() const { return compiler_; }
	/// "" in a sandbox; else a sentence for a person about what the build may do.
	std::string notice() const;

private:
	Builder() = default;
	std::string key(const Workspace &workspace) const;
	std::vector<std::string> make_arguments(const Workspace &workspace, const std::string &build) const;
	machine::Command command(const Workspace &workspace, const std::string &build, std::vector<std::string> more) const;
	std::string rules_of(const Workspace &workspace) const;

	BuildOptions options_;
	std::string fragment_; ///< its content, with the lines of the options
	std::string make_, bwrap_;
	std::string prefix_;   ///< of the cross compiler
	std::string compiler_; ///< its version
};

/// The first thing that a compiler, linker or make complains about.
struct FirstError {
	std::string what, place;
};
FirstError first_error(const std::string &log);

/// How far a build is that has compiled so many files, for a person: "42 %" of the total that an earlier build from
/// nothing had, "about 42 %" if there was none (0), and the number where the total is anybody's guess.
std::string share_built(std::size_t files, bool from_nothing, std::size_t total);

} // namespace exit24::series
