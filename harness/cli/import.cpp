// SPDX-License-Identifier: GPL-2.0-only
#include "base/file.hpp"
#include "cli/cells.hpp"
#include "cli/judging.hpp"
#include "fleet/log.hpp"
#include "machine/process.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>

namespace exit24::cli {

namespace {

/// What export_lava() has written of its cells.
struct Exported {
	struct One {
		std::string kernel, mode;
		model::Json facts; ///< of the machine
	};
	report::Planned planned;
	std::map<std::string, One> facts; ///< by id
};

void add(Exported &out, const model::Cell &cell, const model::Reader &facts)
{
	model::Json json = model::Json::object();
	for (const auto &[key, value] : facts.object()) {
		const bool good = key == "emulated" ? value.is_boolean() : key == "image" ? value.is_object() : value.is_string();
		if (!good)
			facts.fail("\"" + key + "\" is of another type than exit24 writes");
		json[key] = value;
	}
	out.facts[cell.id] = {cell.kernel, cell.mode, json};
}

Result<Exported> read_export(const std::string &file)
{
	const auto text = read_file(file);
	if (!text)
		return text.error();
	Exported out;
	try {
		const model::Json json = model::parse_strict(*text);
		model::Reader r(json);
		if (!r.has("export") || r.at("export").count(0, 1000) != 1)
			r.fail("it is not the plan.json of this exit24's export");
		out.planned.partition.part = static_cast<unsigned>(r.at("part").count(1, 100000));
		out.planned.partition.of = static_cast<unsigned>(r.at("of").count(1, 100000));
		for (const model::Reader &cell : r.at("plan").array())
			out.planned.cells.push_back(model::read_cell(cell));
		for (model::Reader cell : r.at("cells").array())
			add(out, model::read_cell(cell), cell.at("facts"));
	} catch (const model::Malformed &m) {
		return Error{file + " at " + (m.pointer.empty() ? "/" : m.pointer) + ": " + m.reason +
			     "; name the plan.json that exit24 export lava has written"};
	}
	return out;
}

struct Found {
	std::string file;
	fleet::Log log;
};

} // namespace

int import_logs(const ImportOptions &options)
{
	const auto judging = Judging::open(options.judge);
	if (!judging)
		return fail(2, judging.error().what);
	Exported exported;
	if (!options.plan.empty()) {
		auto r = read_export(options.plan);
		if (!r)
			return fail(2, r.error().what);
		exported = std::move(*r);
	}
	if (!options.keep.empty()) {
		std::error_code error;
		std::filesystem::create_directories(options.keep, error);
		if (error)
			return fail(2, "cannot make the folder " + options.keep + ": " + error.message());
	}
	const auto start = std::chrono::steady_clock::now();
	std::vector<std::string> troubles;
	std::vector<Found> found;
	std::map<std::string, std::size_t> places; // by id of the cell
	for (const std::string &file : options.judge.recordings) {
		const auto text = read_file(file);
		if (!text)
			return fail(2, text.error().what);
		auto log = fleet::read_log(file, *text, [&](const std::string &cell) {
			const auto it = exported.facts.find(cell);
			return it == exported.facts.end() ? model::Json() : it->second.facts;
		});
		if (!log) { // a machine that never came up; what it was to run is not in the report
			troubles.push_back(log.error().what);
			continue;
		}
		if (!options.plan.empty() && !exported.facts.contains(log->cell))
			return fail(2, file + ": is of cell \"" + log->cell + "\", which is not in " + options.plan);
		if (!log->trouble.empty())
			troubles.push_back(log->trouble);
		const auto [place, first] = places.emplace(log->cell.empty() ? file : log->cell, found.size());
		if (first) {
			found.push_back({file, std::move(*log)});
			continue;
		}
		// The same cell again: a job that was given a second time, since the first was lost.
		Found &other = found[place->second];
		if (other.log.complete && log->complete)
			return fail(2, other.file + " and " + file + " are both whole logs of cell " + log->cell + "; give only one of them");
		if (log->complete || !other.log.complete)
			other = {file, std::move(*log)};
	}
	if (found.empty())
		return fail(2, troubles.front());

	// In the plan's order, and what no plan knows in the order of the arguments.
	const auto rank = [&](const Found &f) {
		const auto &cells = exported.planned.cells;
		return std::find_if(cells.begin(), cells.end(), [&](const model::Cell &c) { return c.id == f.log.cell; }) - cells.begin();
	};
	std::stable_sort(found.begin(), found.end(), [&](const Found &a, const Found &b) { return rank(a) < rank(b); });
	std::vector<report::Cell> cells;
	for (Found &f : found) {
		const auto planned = exported.facts.find(f.log.cell);
		const std::string release = planned == exported.facts.end() ? "" : planned->second.kernel;
		auto cell = judging->judge(f.file, std::move(f.log.recording), "exit24 import lava " + quote(f.file));
		if (!cell)
			return fail(2, cell.error().what);
		if (cell->kernel == "unknown" && !release.empty())
			cell->kernel = release;
		if (!options.keep.empty()) {
			const std::string name = options.keep + "/" + cell->kernel + "-" + cell->mode +
						 (f.log.cell.empty() ? "" : "-" + f.log.cell) + ".jsonl";
			if (auto r = write_file(name, f.log.text); !r)
				return fail(3, r.error().what);
		}
		if (!options.plan.empty())
			exported.planned.ids.push_back(f.log.cell);
		cells.push_back(std::move(*cell));
	}
	int status = judging->conclude(cells, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
				       exported.planned);
	for (const std::string &trouble : troubles)
		fail(3, trouble);
	// A log that is not whole matters only if no other one has its cell.
	if (status == 0 && std::any_of(found.begin(), found.end(), [](const Found &f) { return !f.log.complete; }))
		status = 3;
	for (const auto &[id, one] : exported.facts) {
		if (places.contains(id))
			continue;
		fail(3, "no log has cell " + id + ", " + one.kernel + "/" + one.mode + "; run its job, and give its log, too");
		if (status == 0)
			status = 3;
	}
	return status;
}

} // namespace exit24::cli
