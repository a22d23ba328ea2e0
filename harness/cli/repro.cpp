// SPDX-License-Identifier: GPL-2.0-only
#include "base/file.hpp"
#include "cli/data.hpp"
#include "cli/verbs.hpp"
#include "machine/initramfs.hpp"
#include "machine/machine.hpp"
#include "model/plan.hpp"
#include "report/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>

namespace fs = std::filesystem;

namespace exit24::cli {

int repro(const ReproOptions &options)
{
	const Places places = find_places();
	auto cases = load_cases(options.cases.empty() ? places.cases : options.cases, {options.name});
	if (!cases)
		return fail(2, cases.error().what);
	if (cases->size() != 1)
		return fail(2, fmt::format("\"{}\" are {} cases; name one", options.name, cases->size()));
	const model::CaseText &c = cases->front();
	auto guests = load_guests(places.guests, *cases);
	if (!guests)
		return fail(2, guests.error().what);
	auto agent = machine::read_agent(places.agent);
	if (!agent)
		return fail(2, agent.error().what);

	std::string folder = options.folder;
	if (folder.empty()) {
		folder = "repro-" + c.parsed.name;
		std::replace(folder.begin(), folder.end(), '/', '-');
	}
	std::error_code error;
	if (fs::exists(folder, error) && !fs::is_empty(folder, error))
		return fail(2, folder + " is there already and not empty; name another folder with --output");
	fs::create_directories(folder, error);
	if (error)
		return fail(2, "cannot make the folder " + folder + ": " + error.message());

	const std::string plan = model::write_plan({&c}, *guests);
	auto initramfs = machine::make_initramfs(*agent, plan);
	if (!initramfs)
		return fail(3, initramfs.error().what);
	const auto modes = machine::modes();
	const auto mode = std::find_if(modes.begin(), modes.end(), [&](const machine::Mode &m) { return m.name == options.mode; });
	const std::string append = std::string(mode->append.empty() ? "" : " ") + std::string(mode->append);
	const std::string qemu = fmt::format(
		"#!/bin/sh\n"
		"# usage: qemu.sh KERNEL, an arm64 Image with KVM; what happens is printed, a line of JSON for each step\n"
		"exec qemu-system-aarch64 -M virt,virtualization=on,gic-version={} -cpu {} -smp 1 -m 512 -nographic -no-reboot \\\n"
		"	-net none -kernel \"${{1:?usage: qemu.sh KERNEL}}\" -initrd \"$(dirname -- \"$0\")/initramfs\" \\\n"
		"	-append \"console=ttyAMA0 panic=-1 oops=panic loglevel=4{}\"\n",
		mode->gic, mode->cpu, append);
	const std::string board = "#!/bin/sh\n"
				  "# on an arm64 machine with /dev/kvm; what happens is printed, a line of JSON for each step\n"
				  "cd -- \"$(dirname -- \"$0\")\" && exec ./exit24-agent plan.json /proc/self/fd/1\n";
	std::string readme = c.parsed.name + "\n\n" + report::wrap(c.parsed.title + ".", "", 76) + "\nThis case fails when a kernel has this wrong: " +
			     "\n" + report::wrap(c.parsed.catches, "  ", 76) +
			     "\ncase.json    what is done, step by step, and what is expected of each step\n"
			     "qemu.sh      runs it in QEMU on any machine: ./qemu.sh arch/arm64/boot/Image\n"
			     "board.sh     runs it on an arm64 machine with /dev/kvm\n"
			     "exit24-agent a static program that does the steps and prints what it sees\n"
			     "*.S, *.bin   the guest, its source and its code; initramfs and plan.json hold a copy\n";
	std::vector<std::tuple<std::string, std::string, bool>> files = {
		{"README", readme, false}, {"case.json", c.text, false}, {"plan.json", plan, false}, {"initramfs", *initramfs, false},
		{"exit24-agent", *agent, true}, {"qemu.sh", qemu, true}, {"board.sh", board, true}};
	std::set<std::string> used;
	for (const model::VcpuSpec &vcpu : c.parsed.vcpus)
		used.insert(vcpu.guest);
	for (const std::string &guest : used)
		for (const char *extension : {".S", ".bin"})
			if (auto content = read_file(places.guests + "/" + guest + extension); content)
				files.emplace_back(guest + extension, std::move(*content), false);
	for (const auto &[name, content, program] : files) {
		const std::string file = folder + "/" + name;
		if (auto r = write_file(file, content); !r)
			return fail(3, r.error().what);
		if (program)
			fs::permissions(file, fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec, fs::perm_options::add, error);
	}
	std::printf("%s\n", folder.c_str());
	return std::fflush(stdout) == 0 ? 0 : fail(3, "cannot write to the standard output");
}

} // namespace exit24::cli
