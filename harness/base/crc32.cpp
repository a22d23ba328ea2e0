// SPDX-License-Identifier: GPL-2.0-only
#include "base/crc32.hpp"

#include <boost/crc.hpp>

#include <cstring>
#ifdef __aarch64__
#include <sys/auxv.h>
#endif

namespace exit24 {

#ifdef __aarch64__

/// By the processor's own instructions, eight bytes at a time.
__attribute__((target("+crc"))) static std::uint32_t crc32_by_instruction(std::string_view text)
{
	std::uint32_t crc = ~0u;
	const char *at = text.data();
	std::size_t left = text.size();
	for (; left >= 8; at += 8, left -= 8) {
		std::uint64_t word;
		std::memcpy(&word, at, sizeof(word));
		crc = __builtin_aarch64_crc32x(crc, word);
	}
	for (; left > 0; at++, left--)
		crc = __builtin_aarch64_crc32b(crc, static_cast<std::uint8_t>(*at));
	return ~crc;
}

#endif

std::uint32_t crc32(std::string_view text)
{
#ifdef __aarch64__
	static const bool has_instruction = (::getauxval(AT_HWCAP) & HWCAP_CRC32) != 0;
	if (has_instruction)
		return crc32_by_instruction(text);
#endif
	boost::crc_32_type crc;
	crc.process_bytes(text.data(), text.size());
	return crc.checksum();
}

} // namespace exit24
