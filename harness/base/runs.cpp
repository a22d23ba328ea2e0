// SPDX-License-Identifier: GPL-2.0-only
#include "base/runs.hpp"

#include <charconv>

namespace exit24 {

std::string hex(std::uint64_t value)
{
	char buffer[16];
	const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value, 16).ptr;
	return "0x" + std::string(buffer, end);
}

std::string encode_runs(std::span<const std::uint8_t> bytes)
{
	static constexpr char digits[] = "0123456789abcdef";
	std::string text;
	for (std::size_t i = 0; i < bytes.size();) {
		std::size_t end = i + 1;
		while (end < bytes.size() && bytes[end] == bytes[i])
			end++;
		if (!text.empty())
			text += ' ';
		text += digits[bytes[i] >> 4];
		text += digits[bytes[i] & 15];
		if (end - i > 1) {
			text += '*';
			text += std::to_string(end - i);
		}
		i = end;
	}
	return text;
}

Result<std::vector<std::uint8_t>> decode_runs(std::string_view text, std::size_t limit)
{
	std::vector<std::uint8_t> bytes;
	const char *at = text.data();
	const char *const end = at + text.size();
	while (at != end) {
		std::uint8_t byte = 0;
		std::size_t count = 1;
		if (end - at < 2 || std::from_chars(at, at + 2, byte, 16).ptr != at + 2)
			return Error{"not a byte: " + std::string(at, end)};
		at += 2;
		if (at != end && *at == '*') {
			const auto r = std::from_chars(at + 1, end, count);
			if (r.ec != std::errc() || count < 2)
				return Error{"not a count: " + std::string(at, end)};
			at = r.ptr;
		}
		if (count > limit - bytes.size())
			return Error{"more than " + std::to_string(limit) + " bytes"};
		bytes.insert(bytes.end(), count, byte);
		if (at != end && (*at++ != ' ' || at == end))
			return Error{"not a run of bytes"};
	}
	return bytes;
}

} // namespace exit24
