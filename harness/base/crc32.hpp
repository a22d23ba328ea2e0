// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <string_view>

namespace exit24 {

/// CRC-32 as Ethernet and zlib compute it.
std::uint32_t crc32(std::string_view text);

} // namespace exit24
