// SPDX-License-Identifier: GPL-2.0-only
#include "series/cache.hpp"

#include "base/file.hpp"
#include "base/unique_fd.hpp"
#include "machine/process.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <vector>

namespace fs = std::filesystem;

namespace exit24::series {

namespace {

constexpr auto in_use = std::chrono::hours(1);
constexpr auto every = std::chrono::hours(24);

struct Item {
	fs::path path;
	bool tree;
	fs::file_time_type used;
	std::uintmax_t bytes;
};

/// Bytes of a tree on the disk; files that are linked together count once. To count them takes long, so it is written
/// down, and counted again when a copy or a view has been made.
Result<std::uintmax_t> size_of(const fs::path &folder)
{
	const std::string counted = folder / "size";
	if (auto text = read_file(counted); text) {
		std::uintmax_t bytes = 0;
		if (std::from_chars(text->data(), text->data() + text->size(), bytes).ec == std::errc{})
			return bytes;
	}
	const auto du = machine::find_program("du");
	if (!du)
		return Error{"there is no du"};
	auto said = machine::output_of(*du, {"-s", "--block-size=1", "--", folder}, std::chrono::minutes(5));
	if (!said)
		return said.error();
	std::uintmax_t bytes = 0;
	std::from_chars(said->data(), said->data() + said->size(), bytes);
	if (auto r = write_file(counted, std::to_string(bytes)); !r)
		return r.error();
	return bytes;
}

std::string stamp(const std::string &cache)
{
	return cache + "/evicted";
}

} // namespace

Result<std::uintmax_t> cache_limit()
{
	const char *text = std::getenv("EXIT24_CACHE_LIMIT");
	unsigned gib = 20;
	if (text && *text) {
		const std::string_view all = text;
		const auto [end, error] = std::from_chars(all.data(), all.data() + all.size(), gib);
		if (error != std::errc{} || end != all.data() + all.size() || gib > 1'000'000)
			return Error{"EXIT24_CACHE_LIMIT is \"" + std::string(all) + "\", which is no number of GiB"};
	}
	return std::uintmax_t{gib} << 30;
}

bool eviction_is_due(const std::string &cache)
{
	std::error_code error;
	const auto last = fs::last_write_time(stamp(cache), error);
	return error || fs::file_time_type::clock::now() - last > every;
}

Result<Evicted> evict(const std::string &cache, std::uintmax_t limit)
{
	std::error_code error;
	if (auto r = write_file(stamp(cache), ""); !r)
		return r.error();
	std::vector<Item> items;
	std::uintmax_t total = 0;
	for (const char *kind : {"trees", "images", "recordings"}) {
		const bool tree = kind == std::string_view("trees");
		for (const auto &entry : fs::directory_iterator(fs::path(cache) / kind, error)) {
			Item item{entry.path(), tree, {}, 0};
			std::error_code gone;
			const fs::path file = tree ? item.path / "lock" : entry.is_directory(gone) ? item.path / "Image" : item.path;
			item.used = fs::last_write_time(file, gone);
			if (gone)
				continue;
			if (tree) {
				auto bytes = size_of(item.path);
				if (!bytes)
					return bytes.error();
				item.bytes = *bytes;
			} else {
				item.bytes = fs::file_size(file, gone);
			}
			total += item.bytes;
			items.push_back(std::move(item));
		}
	}
	std::sort(items.begin(), items.end(), [](const Item &a, const Item &b) { return a.used < b.used; });
	Evicted out;
	for (const Item &item : items) {
		if (total <= limit)
			break;
		if (!item.tree) {
			if (fs::file_time_type::clock::now() - item.used < in_use)
				continue;
			fs::remove_all(item.path, error);
		} else {
			// Who works with a tree holds its lock. The file stays: another may be waiting for it.
			UniqueFd lock(::open((item.path / "lock").c_str(), O_RDWR | O_CLOEXEC));
			if (!lock.valid() || ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0 || !fs::exists(item.path / "slots", error))
				continue;
			for (const char *part : {"id", "slots", "source", "git", "manifest", "size"})
				fs::remove_all(item.path / part, error);
		}
		total -= std::min(total, item.bytes);
		out.bytes += item.bytes;
		(item.tree ? out.trees : out.others)++;
	}
	return out;
}

} // namespace exit24::series
