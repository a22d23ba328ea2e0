// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "abi/uapi_facts.hpp"
#include "base/result.hpp"
#include "machine/scratch.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace exit24::cli {

/// The user headers of one kernel: a source tree, or a folder in which they are installed.
struct Headers {
	std::string given; ///< as typed
	std::string kind;  ///< "a kernel tree" or "installed headers"
	std::map<std::string, std::string, std::less<>> files; ///< "linux/kvm.h" to its path
	std::vector<std::string> flags;                        ///< for the compiler
	std::optional<abi::Release> release;
	std::string release_text;

	std::string name() const
	{
		return given + (release_text.empty() ? "" : " (" + release_text + ")");
	}
	/// A path, or what a compiler says of one, without the folder that all of them are in.
	std::string shorter(std::string text) const;
};

/// The headers at `given`; `scratch` is a folder of ours for what a kernel tree lacks.
Result<Headers> find_headers(const std::string &given, const std::string &scratch);

/// What a program includes.
inline constexpr std::string_view includes = "#include <linux/kvm.h>\n#include <linux/psci.h>\n";

/// The first line of `text` with a compiler's error, "kvm.h:12: unknown type name '__u65'".
std::string first_error(const std::string &text);

/// What a constant expression came to, or why it is none.
struct Answer {
	std::optional<std::uint64_t> value;
	std::string why;
};

/// Compiles against headers and never runs what comes out: numbers are read from the assembly, as the kernel
/// itself does for its asm-offsets.h. An Error is the compiler's own trouble, never the headers'.
class Compiler {
public:
	static Result<Compiler> create(const machine::Scratch &scratch);

	/// Compiles `source` as "c" or "c++" with more flags; what went wrong, "" if it compiles.
	Result<std::string> compile(const Headers &headers, const std::string &language,
				    const std::string &source,
				    const std::vector<std::string> &flags) const;
	/// What the compiler prints into a file with these flags.
	Result<std::string> output(const Headers &headers, const std::string &source,
				   const std::vector<std::string> &flags) const;
	Result<std::vector<Answer>> evaluate(const Headers &headers,
					     const std::vector<std::string> &expressions,
					     std::string_view prologue) const;
	/// Why a C++ program cannot use these expressions, by their places in the list.
	Result<std::map<std::size_t, std::string>>
	refused(const Headers &headers, const std::vector<std::string> &expressions) const;

private:
	Compiler(std::string c, std::string cxx, std::string folder)
		: c_(std::move(c)), cxx_(std::move(cxx)), folder_(std::move(folder))
	{
	}
	std::string c_, cxx_, folder_;
};

} // namespace exit24::cli
