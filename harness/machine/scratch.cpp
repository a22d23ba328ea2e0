// SPDX-License-Identifier: GPL-2.0-only
#include "machine/scratch.hpp"

#include "base/file.hpp"

#include <cstdlib>
#include <filesystem>
#include <sys/statvfs.h>
#include <unistd.h>

namespace exit24::machine {

Result<Scratch> Scratch::create()
{
	const char *base = std::getenv("TMPDIR");
	std::string folder = std::string(base && *base ? base : "/tmp") + "/exit24-XXXXXX";
	if (folder.size() > 80)
		return Error{"TMPDIR is too long for a socket in it: " + folder + "; set it to a shorter path"};
	if (!::mkdtemp(folder.data()))
		return system_error("cannot make a folder " + folder, errno);
	return Scratch(std::move(folder));
}

Scratch::~Scratch()
{
	std::error_code ignored;
	if (!folder_.empty())
		std::filesystem::remove_all(folder_, ignored);
}

std::uint64_t Scratch::bytes_free() const
{
	struct statvfs fs = {};
	return ::statvfs(folder_.c_str(), &fs) == 0 ? std::uint64_t{fs.f_bavail} * fs.f_frsize : 0;
}

} // namespace exit24::machine
