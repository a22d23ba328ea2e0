// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>

namespace exit24::machine {

/// A folder of our own below TMPDIR that goes with the object.
class Scratch {
public:
	static Result<Scratch> create();
	Scratch(Scratch &&other) noexcept : folder_(std::move(other.folder_)) { other.folder_.clear(); }
	Scratch &operator=(Scratch &&) = delete;
	~Scratch();

	const std::string &folder() const { return folder_; }
	std::string path(const std::string &name) const { return folder_ + "/" + name; }
	std::uint64_t bytes_free() const;

private:
	explicit Scratch(std::string folder) : folder_(std::move(folder)) {}
	std::string folder_;
};

} // namespace exit24::machine
