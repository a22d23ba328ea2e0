// SPDX-License-Identifier: GPL-2.0-only
#include "machine/tail.hpp"

#include <fcntl.h>

namespace exit24::machine {

std::string FileTail::more()
{
	if (!fd_.valid())
		fd_ = UniqueFd(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
	std::string out;
	char buffer[1 << 16];
	while (fd_.valid()) {
		const ssize_t n = ::read(fd_.get(), buffer, sizeof(buffer));
		if (n <= 0)
			break;
		out.append(buffer, static_cast<std::size_t>(n));
	}
	return out;
}

std::string last_lines(const std::string &text, std::size_t bytes)
{
	if (text.size() <= bytes)
		return text;
	const auto line = text.find('\n', text.size() - bytes);
	return line == std::string::npos || line + 1 == text.size() ? text.substr(text.size() - bytes)
								      : text.substr(line + 1);
}

std::string cause_of_death(const std::string &console)
{
	for (const char *mark : {"Unable to handle kernel", "kernel BUG at", "hyp BUG at", "hyp panic", "BUG: ",
				 "Internal error: ", "Kernel panic - not syncing"}) {
		const auto at = console.find(mark);
		if (at != std::string::npos)
			return console.substr(at, console.find_first_of("\r\n", at) - at);
	}
	return "";
}

} // namespace exit24::machine
