// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace exit24 {

/// 64 hexadecimal digits.
std::string sha256(std::string_view bytes);

inline std::string sha256(std::span<const std::uint8_t> bytes)
{
	return sha256(std::string_view(reinterpret_cast<const char *>(bytes.data()), bytes.size()));
}

} // namespace exit24
