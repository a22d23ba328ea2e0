// SPDX-License-Identifier: GPL-2.0-only
#include "agent/channel.hpp"

#include "model/recording.hpp"

#include <cerrno>

namespace exit24::agent {

void Channel::write_all(std::string_view text)
{
	while (!text.empty()) {
		const ssize_t n = ::write(fd_.get(), text.data(), text.size());
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return; // nobody to tell: the controller sees the hole
		text.remove_prefix(static_cast<std::size_t>(n));
	}
}

void Channel::emit(const model::Json &record)
{
	const std::string line = model::frame(record, shared_.seq.fetch_add(1));
	if (shared_.lines_to_tear > 0 && --shared_.lines_to_tear == 0)
		write_all(line.substr(0, line.size() / 2) + "\n");
	else
		write_all(line);
}

} // namespace exit24::agent
