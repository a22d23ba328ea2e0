// SPDX-License-Identifier: GPL-2.0-only
#include "report/merge.hpp"

#include "base/file.hpp"
#include "cli/data.hpp"
#include "cli/fleet.hpp"
#include "machine/scratch.hpp"
#include "report/view.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace exit24::cli {

namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE *)>;

struct Piece {
	long begin = 0, size = 0;
};

/// Whether it is there, and neither a link nor a folder nor a device.
bool is_regular(const std::string &file)
{
	struct stat st = {};
	return ::lstat(file.c_str(), &st) == 0 && S_ISREG(st.st_mode);
}

bool copy(std::FILE *from, const Piece &piece, std::FILE *to)
{
	char buffer[1 << 16];
	if (std::fseek(from, piece.begin, SEEK_SET) != 0)
		return false;
	for (long left = piece.size; left > 0;) {
		const std::size_t n = std::fread(buffer, 1, std::min<std::size_t>(sizeof(buffer), static_cast<std::size_t>(left)), from);
		if (n == 0 || std::fwrite(buffer, 1, n, to) != n)
			return false;
		left -= static_cast<long>(n);
	}
	return true;
}

} // namespace

int merge(const MergeOptions &options)
{
	const bool to_stdout = options.output == "-";
	if (!to_stdout)
		if (auto r = check_writable(options.output); !r)
			return fail(2, r.error().what);
	auto scratch = machine::Scratch::create();
	if (!scratch)
		return fail(3, scratch.error().what);
	const File spool(std::fopen(scratch->path("cells").c_str(), "w+e"), std::fclose);
	if (!spool)
		return fail(3, "cannot write in " + scratch->folder() + ": " + std::strerror(errno));
	const auto disk_trouble = [&](const std::string &where) {
		return fail(3, "cannot write " + where + ": " + std::strerror(errno));
	};

	// One report at a time: its cells go to the disk as text, which is put together in the plan's order below.
	report::Merger merger;
	std::vector<std::vector<Piece>> pieces;
	for (const std::string &file : options.files) {
		auto text = read_file(file);
		if (!text)
			return fail(2, text.error().what);
		const auto json = report::read_report(file, *text);
		if (!json)
			return fail(2, json.error().what);
		text->clear();
		text->shrink_to_fit();
		if (auto r = merger.add(file, *json); !r)
			return fail(2, r.error().what);
		std::vector<Piece> &mine = pieces.emplace_back();
		for (const model::Json &cell : (*json)["cells"]) {
			const std::string cell_text = report::cell_text(cell);
			mine.push_back({std::ftell(spool.get()), static_cast<long>(cell_text.size())});
			if (std::fwrite(cell_text.data(), 1, cell_text.size(), spool.get()) != cell_text.size())
				return disk_trouble(scratch->folder() + "; set TMPDIR to a folder on a larger disk");
		}
	}
	const auto places = merger.order();
	if (!places)
		return fail(2, places.error().what);

	const std::string head = merger.head().dump(1, '\t', false, model::Json::error_handler_t::replace);
	static constexpr std::string_view list = "\n\t\"cells\": [";
	const std::size_t at = head.find(list) + list.size();
	const std::string beside = options.output + ".new";
	const bool direct = to_stdout || (::access(options.output.c_str(), F_OK) == 0 && !is_regular(options.output));
	const File file(to_stdout ? nullptr : std::fopen(direct ? options.output.c_str() : beside.c_str(), "we"),
			[](std::FILE *f) { return f ? std::fclose(f) : 0; });
	std::FILE *const out = to_stdout ? stdout : file.get();
	bool good = out && std::fwrite(head.data(), 1, at, out) == at;
	for (std::size_t i = 0; good && i < places->size(); i++) {
		const auto [number, index] = (*places)[i];
		good = std::fputs(i == 0 ? "\n" : ",\n", out) >= 0 && copy(spool.get(), pieces[number][index], out);
	}
	good = good && std::fputs(places->empty() ? "" : "\n\t", out) >= 0 &&
	       std::fwrite(head.data() + at, 1, head.size() - at, out) == head.size() - at &&
	       std::fputs("\n", out) >= 0 && std::fflush(out) == 0;
	if (good && !direct)
		good = ::rename(beside.c_str(), options.output.c_str()) == 0;
	if (!good) {
		const int status = disk_trouble(to_stdout ? "to the standard output" : options.output);
		if (!direct)
			::unlink(beside.c_str());
		return status;
	}
	return merger.exit_status();
}

} // namespace exit24::cli
