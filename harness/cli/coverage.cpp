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
#include <map>
#include <set>
#include <sstream>

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

/// What the cases of one rule reach in one file: lines, and branches as line and number.
struct Reach {
	std::set<unsigned> lines;
	std::set<std::pair<unsigned, std::size_t>> branches;
};

struct Counts {
	std::map<std::string, FileLines> files;
	std::map<std::string, std::map<std::string, Reach>> rules; ///< by rule, then file
};

/// Adds what gcov says about one object after one case, which is of these rules.
void add(Counts &all, const Json &said, const std::vector<std::string> &rules)
{
	for (const Json &file : said.at("files")) {
		const std::string path = file.at("file").get<std::string>();
		const auto name = std::find_if(reported.begin(), reported.end(), [&](const std::string &r) {
			return path == r || path.ends_with("/" + r);
		});
		if (name == reported.end())
			continue;
		FileLines &lines = all.files[*name];
		for (const Json &l : file.at("lines")) {
			const unsigned number = l.at("line_number").get<unsigned>();
			const auto count = l.at("count").get<std::uint64_t>();
			Line &line = lines[number];
			line.count += count;
			line.function = l.value("function_name", line.function);
			const Json &branches = l.at("branches");
			line.branches.resize(std::max(line.branches.size(), branches.size()));
			for (std::size_t i = 0; i < branches.size(); i++) {
				const auto taken = branches[i].at("count").get<std::uint64_t>();
				line.branches[i] += taken;
				if (taken > 0)
					for (const std::string &rule : rules)
						all.rules[rule][*name].branches.insert({number, i});
			}
			if (count > 0)
				for (const std::string &rule : rules)
					all.rules[rule][*name].lines.insert(number);
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

/// Adds the counts of a recording: those of the boot, which are of no rule, and those after each case.
Result<void> count(const model::Recording &recording, const std::map<std::string, const model::Case *> &cases,
		   const series::Workspace &workspace, const machine::Scratch &scratch, const std::string &gcov,
		   Terminal &terminal, Counts &all)
{
	struct Group {
		std::string after, folder;
		std::vector<std::string> data;
	};
	std::vector<Group> groups; // what was written together: gcov wants its notes beside the data
	std::set<std::string> found;
	for (const model::Boot &boot : recording.boots)
		for (const model::TargetFile &file : boot.files) {
			std::error_code error;
			if (groups.empty() || groups.back().after != file.after) {
				groups.push_back({file.after, scratch.path("counts" + std::to_string(groups.size())), {}});
				fs::create_directory(groups.back().folder, error);
			}
			Group &group = groups.back();
			const std::string stem = fs::path(file.path).stem();
			group.data.push_back(group.folder + "/" + stem + ".gcda");
			fs::create_symlink(workspace.build_folder() + "/" + folder_of + stem + ".gcno",
					   group.folder + "/" + stem + ".gcno", error);
			if (error && error != std::errc::file_exists)
				return Error{"cannot link " + stem + ".gcno: " + error.message()};
			const std::string_view bytes(reinterpret_cast<const char *>(file.bytes.data()), file.bytes.size());
			if (auto r = write_file(group.data.back(), bytes); !r)
				return r;
			found.insert(stem);
		}
	if (found.size() < objects.size())
		return Error{"the kernel has no counts of " + std::to_string(objects.size() - found.size()) + " of its objects"};
	for (std::size_t i = 0; i < groups.size(); i++) {
		terminal.busy("gcov", fmt::format("{}/{}", i, groups.size()));
		std::vector<std::string> arguments = {"--json-format", "--branch-probabilities", "--stdout"};
		arguments.insert(arguments.end(), groups[i].data.begin(), groups[i].data.end());
		const auto said = machine::output_of(gcov, arguments, std::chrono::seconds(60));
		if (!said)
			return said.error();
		const auto c = cases.find(groups[i].after);
		std::istringstream lines(*said); // a document for each object
		for (std::string line; std::getline(lines, line);) {
			const auto json = Json::parse(line, nullptr, false);
			if (json.is_discarded() || !json.contains("files"))
				return Error{"gcov says nothing that is known of " + groups[i].folder};
			add(all, json, c == cases.end() ? std::vector<std::string>() : c->second->rules);
		}
	}
	terminal.busy("gcov", "");
	return {};
}

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

	Counts all;
	std::size_t judged = 0, bad = 0;
	std::vector<model::CaseText> plan = *cases;
	std::vector<const model::CaseText *> pointers;
	std::map<std::string, const model::Case *> by_name;
	for (model::CaseText &c : plan) {
		// A word of its own: what follows a case that hangs is left out only under the same setting.
		c.set = {"/sys/kernel/debug/gcov/reset", std::to_string(by_name.size() + 1)};
		pointers.push_back(&c);
		by_name[c.parsed.name] = &c.parsed;
	}
	for (const std::string &mode : options.modes) {
		lab.mode = mode;
		auto machine = machine::make_lab(*image, lab);
		if (!machine)
			return fail(2, machine.error().what);
		Quiet quiet(terminal, mode);
		machine::Session session(**machine, pointers, *guests, quiet);
		model::Wanted wanted;
		wanted.below = "/sys/kernel/debug/gcov";
		for (const std::string &object : objects)
			wanted.endings.push_back(std::string(folder_of) + object + ".gcda");
		wanted.each = true;
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
		if (auto r = count(session.recording(), by_name, *workspace, *scratch, *gcov, terminal, all); !r)
			return fail(machine::interrupted() ? 130 : 3, "mode " + mode + ": " + r.error().what);
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
		const auto it = all.files.find(name);
		if (it == all.files.end())
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
	for (const auto &[rule, files] : all.rules)
		for (const auto &[name, reach] : files)
			report["rules"][rule][name] = {{"lines_hit", reach.lines.size()}, {"branches_taken", reach.branches.size()}};
	terminal.print(text + "lines that no case reaches, by function:\n" + holes);
	if (!options.json.empty())
		if (auto r = write_file(options.json, report.dump(1, '\t') + "\n"); !r)
			return fail(3, r.error().what);
	return bad == 0 ? 0 : 1;
}

} // namespace exit24::cli
