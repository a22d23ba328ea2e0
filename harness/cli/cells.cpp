// SPDX-License-Identifier: GPL-2.0-only
#include "cli/cells.hpp"

#include "base/sha256.hpp"
#include "cli/data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sys/utsname.h>
#include <unistd.h>

namespace exit24::cli {

/// The kernels to run: as given, or the one that scripts/fetch-kernel has left.
static Result<std::vector<std::string>> kernels(const RunOptions &options)
{
	if (!options.kernels.empty())
		return options.kernels;
	const std::string newest = kernel_cache() + "/newest/Image";
	if (::access(newest.c_str(), R_OK) == 0)
		return std::vector{newest};
	return Error{"no kernel to run: give one with --kernel IMAGE, or let " + find_places().scripts + "/fetch-kernel newest fetch Debian's"};
}

Result<std::vector<model::Cell>> plan_cells(const RunOptions &options, const std::vector<model::CaseText> &cases,
					    const CellTaker &take)
{
	auto files = kernels(options);
	if (!files)
		return files.error();
	machine::LabOptions lab;
	lab.append = options.append;
	lab.cpu = options.cpu;
	lab.cpus = options.cpus;
	lab.real_clock = options.clock == "real" || options.cpus > 1; // QEMU's deterministic one is for one processor
	const std::string digest = model::digest(cases);
	std::vector<model::Cell> cells;
	for (const std::string &file : *files) {
		auto loaded = machine::load_image(file);
		if (!loaded)
			return loaded.error();
		const ImagePointer image = std::make_shared<const machine::Image>(std::move(*loaded));
		const std::string hash = sha256(image->content);
		for (const std::string &mode : options.modes) {
			lab.mode = mode;
			const machine::Setup setup = machine::setup_of(*image, lab);
			const model::Json facts = {{"image", hash}, {"mode", mode}, {"cpu", setup.cpu},
						   {"gic", setup.gic}, {"append", setup.append}, {"cpus", lab.cpus},
						   {"clock", lab.real_clock ? "real" : "deterministic"}, {"cases", digest}};
			cells.push_back({image->release, mode, setup.cpu, model::cell_id(facts)});
			const auto kind = std::find_if(machine::modes().begin(), machine::modes().end(),
						       [&](const machine::Mode &m) { return m.name == mode; });
			const model::Json machine = {
				{"cpu", setup.cpu}, {"mode", mode}, {"kvm_mode", kind->kvm_mode}, {"clock", facts["clock"]},
				{"image", {{"file", file}, {"release", image->release}, {"sha256", hash}}}};
			if (auto r = take({image, lab, cells.back(), machine}); !r)
				return r.error();
		}
	}
	return cells;
}

model::Cell native_cell(const std::vector<model::CaseText> &cases)
{
	utsname names = {};
	::uname(&names);
	const model::Json facts = {{"release", names.release}, {"version", names.version}, {"host", names.nodename},
				   {"cases", model::digest(cases)}};
	return {names.release, "native", "host", model::cell_id(facts)};
}

Result<void> check_partition(const model::Partition &partition, const std::vector<model::Cell> &cells)
{
	if (partition.whole())
		return {};
	std::set<std::string> ids;
	for (const model::Cell &cell : cells)
		if (!ids.insert(cell.id).second)
			return Error{"--partition: " + cell.describe() + " is twice in the plan; name each kernel and mode once"};
	if (partition.part > cells.size())
		return Error{fmt::format("--partition: the plan has {} {}, so part {} of {} is empty", cells.size(),
					 cells.size() == 1 ? "cell" : "cells", partition.part, partition.of)};
	return {};
}

} // namespace exit24::cli
