// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace exit24 {

/// Bytes as text, runs of equal bytes folded: {1,0,0,0,0xa5,0xa5} is "01 00*3 a5*2".
std::string encode_runs(std::span<const std::uint8_t> bytes);

/// The inverse; an Error if the text is not of that form or holds more than `limit` bytes.
Result<std::vector<std::uint8_t>> decode_runs(std::string_view text, std::size_t limit);

/// "0x2a"
std::string hex(std::uint64_t value);

} // namespace exit24
