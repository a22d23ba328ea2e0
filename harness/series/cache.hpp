// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>

namespace exit24::series {

/// What had to go from a cache.
struct Evicted {
	std::size_t trees = 0;  ///< with all that was built of them
	std::size_t others = 0; ///< images and recordings
	std::uintmax_t bytes = 0;
};

/// Takes from exit24's cache what has not been used for longest, until kernel trees, images and recordings together
/// have no more than `limit` bytes. A tree that another exit24 works with stays, and so does what was used within the
/// last hour. What the scripts have fetched is not counted and not touched.
Result<Evicted> evict(const std::string &cache, std::uintmax_t limit);

/// The limit that EXIT24_CACHE_LIMIT names, in GiB; 20 GiB without.
Result<std::uintmax_t> cache_limit();

/// Whether a day has passed since evict() last looked.
bool eviction_is_due(const std::string &cache);

} // namespace exit24::series
