// SPDX-License-Identifier: GPL-2.0-only
#include "base/file.hpp"

#include "base/unique_fd.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>

namespace exit24 {

Error system_error(const std::string &what, int code)
{
	return Error{what + ": " + std::strerror(code), code};
}

Result<std::string> read_file(const std::string &path, std::size_t limit)
{
	UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
	if (!fd.valid())
		return system_error("cannot read " + path, errno);
	struct stat st = {};
	if (::fstat(fd.get(), &st) == 0 && S_ISDIR(st.st_mode))
		return Error{"cannot read " + path + ": it is a directory", EISDIR};

	const Error too_large{"cannot read " + path + ": it is larger than " + std::to_string(limit) + " bytes", EFBIG};
	if (S_ISREG(st.st_mode) && st.st_size > 0 && static_cast<std::size_t>(st.st_size) > limit)
		return too_large;
	std::string content;
	if (S_ISREG(st.st_mode) && st.st_size > 0)
		content.reserve(static_cast<std::size_t>(st.st_size) + 1);
	char buffer[1 << 16];
	for (;;) {
		const ssize_t n = ::read(fd.get(), buffer, sizeof(buffer));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return system_error("cannot read " + path, errno);
		if (n == 0)
			return content;
		content.append(buffer, static_cast<std::size_t>(n));
		if (content.size() > limit)
			return too_large;
	}
}

static Result<void> write_all(const std::string &path, int flags, std::string_view content)
{
	UniqueFd fd(::open(path.c_str(), flags | O_WRONLY | O_CLOEXEC, 0666));
	if (!fd.valid())
		return system_error("cannot write " + path, errno);
	while (!content.empty()) {
		const ssize_t n = ::write(fd.get(), content.data(), content.size());
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return system_error("cannot write " + path, errno);
		content.remove_prefix(static_cast<std::size_t>(n));
	}
	return {};
}

Result<void> write_file(const std::string &path, std::string_view content)
{
	struct stat st = {};
	// Never over a link: /dev/stdout is one, and root may replace it.
	if (::lstat(path.c_str(), &st) == 0 && !S_ISREG(st.st_mode))
		return write_all(path, S_ISLNK(st.st_mode) ? O_CREAT | O_TRUNC : 0, content);

	const std::string beside = path + ".new";
	if (auto r = write_all(beside, O_CREAT | O_TRUNC, content); !r) {
		::unlink(beside.c_str());
		return Error{"cannot write " + path + ": " + std::strerror(r.error().code), r.error().code};
	}
	if (::rename(beside.c_str(), path.c_str()) != 0)
		return system_error("cannot write " + path, errno);
	return {};
}

} // namespace exit24
