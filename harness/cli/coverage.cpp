// SPDX-License-Identifier: GPL-2.0-only
#include "base/file.hpp"
#include "cli/data.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"
#include "machine/image.hpp"
#include "machine/machine.hpp"
#include "machine/process.hpp"
#include "machine/scratch.hpp"
#include "machine/session.hpp"
#include "series/build.hpp"
#include "series/workspace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <filesystem>

namespace fs = std::filesystem;

namespace exit24::cli {

using model::Json;

namespace {

/// What is measured: objects of the folder arch/arm64/kvm, and the headers that they use of the PSCI path.
const std::vector<std::string> objects = {"psci", "hypercalls", "handle_exit", "arm", "reset"};
const std::vector<std::string> reported = {"arch/arm64/kvm/psci.c", "include/kvm/arm_psci.h", "arch/arm64/kvm/hypercalls.c",
					   "arch/arm64/kvm/handle_exit.c", "arch/arm64/kvm/arm.c", "arch/arm64/kvm/reset.c"};
constexpr char folder_of[] = "arch/arm64/kvm/";

struct Line {
	std::uint64_t count = 0;
	std::string function;
	std::vector<std::uint64_t> branches; ///< how often each was taken
};
using FileLines = std::map<unsigned, Line>;

/// Adds what gcov says about one object in one boot.
void add(std::map<std::string, FileLines> &all, const Json &said)
{
	for (const Json &file : said.at("files")) {
		const std::string path = file.at("file").get<std::string>();
		const auto name = std::find_if(reported.begin(), reported.end(), [&](const std::string &r) {
			return path == r || path.ends_with("/" + r);
		});
		if (name == reported.end())
			continue;
		FileLines &lines = all[*name];
		for (const Json &l : file.at("lines")) {
			Line &line = lines[l.at("line_number").get<unsigned>()];
			line.count += l.at("count").get<std::uint64_t>();
			line.function = l.value("function_name", line.function);
			const Json &branches = l.at("branches");
			line.branches.resize(std::max(line.branches.size(), branches.size()));
			for (std::size_t i = 0; i < branches.size(); i++)
				line.branches[i] += branches[i].at("count").get<std::uint64_t>();
		}
	}
}

/// "12-15, 20": the lines that are not reached, by function.
std::map<std::string, std::string> missed(const FileLines &lines)
{
	std::map<std::string, std::string> out;
	unsigned begin = 0, end = 0;
	std::string function;
	const auto flush = [&] {
		if (begin == 0)
			return;
		std::string &text = out[function];
		text += (text.empty() ? "" : ", ") + std::to_string(begin) + (end > begin ? "-" + std::to_string(end) : "");
		begin = 0;
	};
	for (const auto &[number, line] : lines) {
		if (line.count > 0 || line.function != function)
			flush();
		function = line.function;
		if (line.count > 0)
			continue;
		if (begin == 0)
			begin = number;
		end = number;
	}
	flush();
	return out;
}

class Quiet final : public machine::Observer {
public:
	Quiet(Terminal &terminal, std::string mode) : terminal_(terminal), mode_(std::move(mode)) {}
	~Quiet() override { terminal_.busy(mode_, ""); }
	void booting(std::size_t, std::size_t) override { terminal_.busy(mode_, "booting"); }
	void greeted(const model::Hello &) override {}
	void begun(const std::string &name) override { terminal_.busy(mode_, name); }
	void finished(const model::Recording &, const std::string &) override {}
	void boot_ended(const model::Boot &) override {}

private:
	Terminal &terminal_;
	std::string mode_;
};

} // namespace

int coverage(const CoverageOptions &options)
{
	const Places places = find_places();
	auto cases = load_cases(options.cases.empty() ? places.cases : options.cases, options.globs);
	if (!cases)
		return fail(2, cases.error().what);
	auto guests = load_guests(places.guests, *cases);
	if (!guests)
		return fail(2, guests.error().what);
	if (!options.json.empty())
		if (auto r = check_writable(options.json); !r)
			return fail(2, r.error().what);
	machine::LabOptions lab;
	const auto qemu = machine::find_program(options.qemu);
	if (!qemu)
		return fail(2, "there is no " + options.qemu + "; install Debian's qemu-system-arm, or name it with --qemu");
	lab.qemu = *qemu;
	lab.agent = places.agent;
	std::optional<std::string> gcov;
	for (const char *name : {"aarch64-linux-gnu-gcov", "gcov"})
		if (!gcov)
			gcov = machine::find_program(name);
	if (!gcov)
		return fail(2, "there is no aarch64-linux-gnu-gcov; install Debian's gcc-aarch64-linux-gnu");
	auto scratch = machine::Scratch::create();
	if (!scratch)
		return fail(3, scratch.error().what);

	Terminal terminal;
	const auto progress = [&](const std::string &what) { terminal.busy("kernel", what); };
	auto workspace = series::Workspace::open(
		{.cache = cache_folder(), .tree = options.linux_tree, .slot = options.slot, .progress = progress});
	if (!workspace)
		return fail(2, workspace.error().what);
	if (auto r = workspace->undo(); !r)
		return fail(3, r.error().what);
	series::BuildOptions build;
	build.fragment = places.patches + "/exit24.config";
	build.kconfig = "CONFIG_DEBUG_FS=y\nCONFIG_GCOV_KERNEL=y\n";
	for (const std::string &object : objects)
		build.make.push_back("GCOV_PROFILE_" + object + ".o=y");
	build.sandbox = !options.no_sandbox;
	build.keep = false;
	build.jobs = options.jobs;
	auto builder = series::Builder::create(build);
	if (!builder)
		return fail(2, builder.error().what);
	auto built = builder->build(*workspace, progress);
	terminal.busy("kernel", "");
	if (!built)
		return fail(machine::interrupted() ? 130 : 3, built.error().what);
	if (!built->ok)
		return fail(3, "the kernel does not build: " + built->place + ": " + built->error);
	auto image = machine::load_image(built->image);
	if (!image)
		return fail(3, image.error().what);

	std::map<std::string, FileLines> all;
	std::size_t judged = 0, bad = 0;
	for (const std::string &mode : options.modes) {
		lab.mode = mode;
		auto machine = machine::make_lab(*image, lab);
		if (!machine)
			return fail(2, machine.error().what);
		Quiet quiet(terminal, mode);
		std::vector<const model::CaseText *> pointers;
		for (const model::CaseText &c : *cases)
			pointers.push_back(&c);
		machine::Session session(**machine, pointers, *guests, quiet);
		model::Wanted wanted;
		wanted.below = "/sys/kernel/debug/gcov";
		for (const std::string &object : objects)
			wanted.endings.push_back(std::string(folder_of) + object + ".gcda");
		session.want(wanted);
		session.run();
		if (machine::interrupted())
			return fail(130, "interrupted");
		for (const model::CaseText *c : pointers) {
			const auto status = judge::judge(c->parsed, session.recording(), *guests).status;
			judged += status != judge::Status::skip;
			if (judge::is_failure(status) || status == judge::Status::error) {
				bad++;
				terminal.print(fmt::format("    {} {} {}\n", judge::name(status), mode, c->parsed.name));
			}
		}
		std::size_t found = 0;
		for (const model::Boot &boot : session.recording().boots)
			for (const auto &[path, bytes] : boot.files) {
				const std::string stem = fs::path(path).stem();
				const std::string data = scratch->path(stem + ".gcda");
				std::error_code error;
				fs::copy_file(workspace->build_folder() + "/" + folder_of + stem + ".gcno",
					      scratch->path(stem + ".gcno"), fs::copy_options::overwrite_existing, error);
				if (error)
					return fail(3, "cannot copy " + stem + ".gcno: " + error.message());
				if (auto r = write_file(data, std::string_view(reinterpret_cast<const char *>(bytes.data()), bytes.size())); !r)
					return fail(3, r.error().what);
				const auto said = machine::output_of(*gcov, {"--json-format", "--branch-probabilities", "--stdout", data},
								     std::chrono::seconds(60));
				if (!said)
					return fail(3, said.error().what);
				const auto json = Json::parse(*said, nullptr, false);
				if (json.is_discarded() || !json.contains("files"))
					return fail(3, "gcov says nothing about " + path);
				add(all, json);
				found++;
			}
		if (found < objects.size())
			return fail(3, "mode " + mode + ": the kernel has no counts of " +
					       std::to_string(objects.size() - found) + " of its objects");
	}

	Json report;
	report["coverage"] = 1;
	report["command"] = options.command;
	char date[32];
	const std::time_t now = std::time(nullptr);
	std::strftime(date, sizeof(date), "%Y-%m-%d", std::gmtime(&now));
	report["date"] = date;
	report["release"] = image->release;
	report["modes"] = options.modes;
	report["cases"] = cases->size();
	std::string text = fmt::format("{} {}: {} cases, {} not right\n{:<32} {:>14} {:>20}\n", image->release,
				       fmt::join(options.modes, ","), judged, bad, "", "lines", "branches taken");
	std::string holes;
	for (const std::string &name : reported) {
		const auto it = all.find(name);
		if (it == all.end())
			continue;
		std::size_t lines = 0, hit = 0, branches = 0, taken = 0;
		for (const auto &[number, line] : it->second) {
			lines++;
			hit += line.count > 0;
			branches += line.branches.size();
			taken += static_cast<std::size_t>(std::count_if(line.branches.begin(), line.branches.end(),
									[](std::uint64_t n) { return n > 0; }));
		}
		const auto percent = [](std::size_t part, std::size_t whole) {
			return whole ? 100.0 * static_cast<double>(part) / static_cast<double>(whole) : 0.0;
		};
		text += fmt::format("{:<32} {:>4}/{:<4} {:>4.1f}% {:>7}/{:<4} {:>4.1f}%\n", name, hit, lines, percent(hit, lines),
				    taken, branches, percent(taken, branches));
		Json &f = report["files"][name];
		f = {{"lines", lines}, {"lines_hit", hit}, {"branches", branches}, {"branches_taken", taken}};
		f["missed"] = Json::object();
		for (const auto &[function, where] : missed(it->second)) {
			f["missed"][function] = where;
			holes += "  " + name + " " + function + ": " + where + "\n";
		}
	}
	terminal.print(text + "lines that no case reaches, by function:\n" + holes);
	if (!options.json.empty())
		if (auto r = write_file(options.json, report.dump(1, '\t') + "\n"); !r)
			return fail(3, r.error().what);
	return bad == 0 ? 0 : 1;
}

} // namespace exit24::cli
