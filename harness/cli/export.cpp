// SPDX-License-Identifier: GPL-2.0-only
#include "base/file.hpp"
#include "base/version.hpp"
#include "cli/cells.hpp"
#include "cli/data.hpp"
#include "fleet/lava.hpp"
#include "machine/initramfs.hpp"
#include "model/plan.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

namespace fs = std::filesystem;

namespace exit24::cli {

namespace {

constexpr int export_format = 1;

/// The cases, and the initramfs that runs them.
struct Bundle {
	std::vector<model::CaseText> cases;
	std::string initramfs;
};

Result<Bundle> make_bundle(const CellOptions &options)
{
	const Places places = find_places();
	auto cases = select_cases(options.cases, options.globs, options.tags, options.exclude);
	if (!cases)
		return cases.error();
	std::vector<std::string> names;
	std::vector<const model::CaseText *> pointers;
	for (const model::CaseText &c : *cases) {
		names.push_back(c.parsed.name);
		pointers.push_back(&c);
	}
	if (auto r = fleet::check_lava_names(names); !r)
		return r.error();
	const auto guests = load_guests(places.guests, *cases);
	if (!guests)
		return guests.error();
	const auto agent = machine::read_agent(places.agent);
	if (!agent)
		return agent.error();
	const model::Json boot = model::boot_facts({{"machine", "exported"}, {"clock", "real"}}, *guests, pointers);
	auto initramfs = machine::make_initramfs(*agent, model::write_plan(pointers, *guests), boot.dump());
	if (!initramfs)
		return initramfs.error();
	return Bundle{std::move(*cases), std::move(*initramfs)};
}

int to_stdout(const std::string &text)
{
	if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
		return fail(3, "cannot write to the standard output");
	return 0;
}

} // namespace

int export_initramfs(const ExportOptions &options)
{
	if (options.output != "-")
		if (auto r = check_writable(options.output); !r)
			return fail(2, r.error().what);
	const auto bundle = make_bundle(options.cells);
	if (!bundle)
		return fail(2, bundle.error().what);
	if (options.output == "-")
		return to_stdout(bundle->initramfs);
	if (auto r = write_file(options.output, bundle->initramfs); !r)
		return fail(3, r.error().what);
	return 0;
}

int export_lava(const ExportOptions &options)
{
	const bool board = options.method == "u-boot";
	if (board && options.device_type == "qemu")
		return fail(2, "--method u-boot needs --device-type, LAVA's name of the board, such as bcm2711-rpi-4-b");
	if (!board && !options.dtb.empty())
		return fail(2, "--dtb is for --method u-boot; QEMU makes its own");
	std::error_code error;
	if (fs::exists(options.output, error) && (!fs::is_directory(options.output, error) || !fs::is_empty(options.output, error)))
		return fail(2, options.output + " is there already and not an empty folder; name another one with --output");
	const auto bundle = make_bundle(options.cells);
	if (!bundle)
		return fail(2, bundle.error().what);
	fs::create_directories(options.output, error);
	if (error)
		return fail(2, "cannot make the folder " + options.output + ": " + error.message());
	const std::string here = "file://" + fs::absolute(options.output, error).lexically_normal().string();
	std::string base = options.url.empty() ? here : options.url;
	while (base.ends_with("/"))
		base.pop_back();

	std::vector<std::pair<std::string, std::string>> jobs; // name and text
	model::Json plan = {{"export", export_format}, {"tool", {{"name", "exit24"}, {"version", version}}}};
	plan["cells"] = model::Json::array();
	std::string last_image, kernel;
	std::size_t number = 0, images = 0;
	std::vector<model::Cell> cells;
	const auto planned = plan_cells(options.cells, bundle->cases, [&](const Planned &one) -> Result<void> {
		fleet::LavaJob job;
		job.cell = one.cell;
		job.setup = machine::setup_of(*one.image, one.lab);
		job.u_boot = board;
		job.device_type = options.device_type;
		job.ramdisk = base + "/initramfs";
		job.dtb = options.dtb;
		job.cpus = one.lab.cpus;
		job.memory_mib = one.lab.memory_mib;
		job.real_clock = one.lab.real_clock;
		job.minutes = options.minutes;
		model::Json facts = one.facts;
		if (board) {
			auto setup = fleet::board_setup(one.cell.mode, options.cells.append);
			if (!setup)
				return setup.error();
			job.setup = *setup;
			job.cell.cpu = options.device_type;
			job.cell.id = model::cell_id({{"image", one.facts["image"]["sha256"]}, {"mode", one.cell.mode},
						      {"device_type", options.device_type}, {"append", setup->append},
						      {"cases", model::digest(bundle->cases)}});
			facts["cpu"] = options.device_type;
			facts["clock"] = "real";
		}
		facts["machine"] = "exported";
		facts["emulated"] = !board;
		facts["by"] = "LAVA, device type " + options.device_type;
		cells.push_back(job.cell);
		if (!options.cells.partition.has(number++))
			return {};
		if (last_image != one.image->path) {
			last_image = one.image->path;
			kernel = fmt::format("Image-{}", ++images);
			if (auto r = write_file(options.output + "/" + kernel, one.image->content); !r)
				return r.error();
		}
		job.kernel = base + "/" + kernel;
		jobs.emplace_back(fmt::format("job-{:04}-{}.yaml", number, job.cell.id), fleet::lava_job(job));
		model::Json cell = model::write_cell(job.cell);
		cell["job"] = jobs.back().first;
		cell["facts"] = std::move(facts);
		plan["cells"].push_back(std::move(cell));
		return {};
	});
	if (!planned)
		return fail(2, planned.error().what);
	if (auto r = check_partition(options.cells.partition, cells); !r)
		return fail(2, r.error().what);
	plan["part"] = options.cells.partition.part;
	plan["of"] = options.cells.partition.of;
	plan["plan"] = model::Json::array();
	for (const model::Cell &cell : cells)
		plan["plan"].push_back(model::write_cell(cell));
	jobs.emplace_back("plan.json", plan.dump(1, '\t', false, model::Json::error_handler_t::replace) + "\n");
	jobs.emplace_back("initramfs", bundle->initramfs);
	for (const auto &[name, text] : jobs)
		if (auto r = write_file(options.output + "/" + name, text); !r)
			return fail(3, r.error().what);
	std::string list;
	for (const auto &[name, text] : jobs)
		if (name.ends_with(".yaml"))
			list += options.output + "/" + name + "\n";
	return to_stdout(list);
}

} // namespace exit24::cli
