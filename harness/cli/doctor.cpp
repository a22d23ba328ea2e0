// SPDX-License-Identifier: GPL-2.0-only
#include "abi/kvm_run.hpp"
#include "abi/names.hpp"
#include "base/file.hpp"
#include "base/version.hpp"
#include "cli/data.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"
#include "machine/image.hpp"
#include "machine/machine.hpp"
#include "machine/native.hpp"
#include "machine/process.hpp"
#include "machine/scratch.hpp"
#include "machine/session.hpp"
#include "report/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <sys/utsname.h>
#include <thread>
#include <unistd.h>

namespace exit24::cli {

using model::Json;

namespace {

constexpr char build_it[] = "meson compile -C build, which needs Debian's g++-aarch64-linux-gnu";
constexpr char the_case[] = "system_off/reports-shutdown";
constexpr auto command_limit = std::chrono::seconds(20);
constexpr std::uint64_t mib = 1 << 20;
constexpr unsigned lab_mib = 700; // what one lab takes: its memory, QEMU's own and the translated code

/// One thing that was looked at.
struct Finding {
	std::string topic;
	enum State {
		ok,
		no,      ///< a way that this host does not have; another may do
		missing, ///< to be mended
	} state = ok;
	std::string text;
	std::string mend; ///< the next command to type
	Json facts = Json::object();
};

/// Prints what is found as it is found, unless a program will read it.
class Findings {
public:
	Findings(Terminal &terminal, bool quiet) : terminal_(terminal), quiet_(quiet) {}

	bool add(Finding finding)
	{
		static constexpr const char *words[] = {"ok", "no", "MISSING"};
		if (!quiet_) {
			terminal_.print(fmt::format("{:>8}  {}: {}\n", words[finding.state], finding.topic,
						    report::harmless(finding.text)));
			if (!finding.mend.empty())
				terminal_.print(fmt::format("          {}\n", report::harmless(finding.mend)));
		}
		list_.push_back(std::move(finding));
		return list_.back().state == Finding::ok;
	}

	Json json() const
	{
		static constexpr const char *words[] = {"ok", "no", "missing"};
		Json out = Json::array();
		for (const Finding &f : list_) {
			Json item = {{"topic", f.topic}, {"state", words[f.state]}, {"text", f.text}};
			if (!f.mend.empty())
				item["mend"] = f.mend;
			if (!f.facts.empty())
				item["facts"] = f.facts;
			out.push_back(item);
		}
		return out;
	}

private:
	Terminal &terminal_;
	bool quiet_;
	std::vector<Finding> list_;
};

class Silence final : public machine::Observer {
public:
	void booting(std::size_t, std::size_t) override {}
	void greeted(const model::Hello &) override {}
	void begun(const std::string &) override {}
	void finished(const model::Recording &, const std::string &) override {}
	void boot_ended(const model::Boot &) override {}
};

/// The sentence of the system that a message ends with tells its errno.
std::string meaning(const std::string &message)
{
	for (const abi::Name &name : abi::errnos)
		if (message.ends_with(std::strerror(static_cast<int>(name.value))))
			if (const std::string what = machine::meaning_of(static_cast<int>(name.value)); !what.empty())
				return fmt::format("{} ({}: {})", message, name.name, what);
	return message;
}

/// Runs one SYSTEM_OFF and says what came of it: the way works if the kernel has answered, whatever it answered.
Finding try_it(machine::Machine &machine, const model::CaseText &c, const model::Guests &guests)
{
	Silence silence;
	const auto start = std::chrono::steady_clock::now();
	machine::Session session(machine, {&c}, guests, silence);
	session.run();
	const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

	const model::Recording &recording = session.recording();
	Finding found;
	found.state = Finding::missing;
	found.mend = "exit24 run --json report.json " + std::string(the_case) + " keeps all that is known";
	if (recording.boots.empty()) {
		found.text = "interrupted";
		return found;
	}
	const model::Boot &boot = recording.boots.back();
	found.facts["seconds"] = seconds;
	if (!boot.hello) {
		found.text = "it did not get as far as the agent: " + boot.end_reason;
		return found;
	}
	const model::Hello &hello = *boot.hello;
	found.facts["release"] = hello.release;
	found.facts["kvm_mode"] = hello.kvm_mode;
	found.facts["cpus"] = hello.raw.value("cpus", 0);
	found.facts["page_size"] = hello.raw.value("page_size", 0);
	if (hello.kvm_trouble) {
		found.text = "Linux " + hello.release + " has no usable KVM: " + meaning(*hello.kvm_trouble);
		found.mend = "sudo dmesg | grep -i kvm";
		return found;
	}
	const std::string mode = hello.kvm_mode.empty() ? "a mode that its log does not tell" : "mode " + hello.kvm_mode;
	const std::string where = fmt::format("Linux {} in {}", hello.release, mode);
	const auto run = recording.cases.find(the_case);
	if (run == recording.cases.end()) {
		found.text = where + " did not run it: " + boot.end_reason;
	} else if (!run->second.lacks.empty()) {
		found.state = Finding::ok;
		found.mend.clear();
		found.text = where + " creates VMs, and is too old for more: it lacks " + run->second.lacks.front();
	} else if (run->second.setup) {
		found.text = where + " refuses " + meaning(*run->second.setup);
	} else if (run->second.trouble) {
		found.text = where + ": " + *run->second.trouble;
	} else if (run->second.steps.empty() || !run->second.steps.front().run || run->second.hang) {
		found.text = where + " did not come back from KVM_RUN";
	} else {
		const model::StepSeen &step = run->second.steps.front();
		const std::uint32_t reason = step.run->u32(abi::exit_reason_offset);
		found.state = Finding::ok;
		found.mend.clear();
		found.facts["exit_reason"] = reason;
		found.text = fmt::format("SYSTEM_OFF on {} gives exit_reason {}", where, abi::describe(abi::exit_reasons, reason));
		if (step.rc < 0)
			found.text += ", errno " + abi::describe(abi::errnos, step.error);
		if (reason == abi::exit_system_event) {
			const std::uint32_t type = step.run->u32(abi::system_event_type_offset);
			found.facts["type"] = type;
			found.text += ", type " + abi::describe(abi::system_event_types, type);
		}
		found.text += fmt::format("; {:.1f} s", seconds);
	}
	return found;
}

/// What a program says its version is, its first line; none if there is no such program or it does not work.
std::optional<std::string> version_of(const std::string &program)
{
	const auto path = machine::find_program(program);
	if (!path)
		return std::nullopt;
	const auto said = machine::output_of(*path, {"--version"}, command_limit);
	if (!said)
		return std::nullopt;
	return said->substr(0, said->find('\n'));
}

Finding tool(const std::string &topic, const std::string &program, const std::string &for_what, const std::string &package)
{
	const auto version = version_of(program);
	if (version)
		return {topic, Finding::ok, *version, "", {{"version", *version}}};
	return {topic, Finding::no, fmt::format("there is no {}: {}", program, for_what), "sudo apt-get install " + package, {}};
}

/// bubblewrap needs user namespaces, which not every system and container gives.
Finding bubblewrap()
{
	const auto path = machine::find_program("bwrap");
	const std::string otherwise = "the builds of foreign patches would not be walled off";
	if (!path)
		return {"bubblewrap", Finding::no, "there is no bwrap: " + otherwise, "sudo apt-get install bubblewrap", {}};
	const auto tried = machine::output_of(*path, {"--unshare-all", "--ro-bind", "/", "/", "--", "/bin/true"}, command_limit);
	if (tried)
		return {"bubblewrap", Finding::ok, "it can wall a command off", "", {}};
	return {"bubblewrap", Finding::no, tried.error().what + "; " + otherwise,
		"allow user namespaces: sudo sysctl kernel.unprivileged_userns_clone=1, or in a container --security-opt seccomp=unconfined",
		{}};
}

/// MemAvailable in MiB, 0 if it cannot be told.
std::uint64_t memory_mib()
{
	const auto text = read_file("/proc/meminfo", 1 << 16);
	const auto at = text ? text->find("MemAvailable:") : std::string::npos;
	return at == std::string::npos ? 0 : std::strtoull(text->c_str() + at + 13, nullptr, 10) / 1024;
}

Finding resources()
{
	const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
	const std::uint64_t memory = memory_mib();
	const auto scratch = machine::Scratch::create();
	const std::uint64_t disk = scratch ? scratch->bytes_free() / mib : 0;
	const unsigned jobs = static_cast<unsigned>(std::clamp<std::uint64_t>(memory / lab_mib, 1, cores));
	Finding found{"resources", Finding::ok,
		      fmt::format("{} processors, {} MiB of memory and {} MiB of disk for {} are free: exit24 run -j {}", cores,
				  memory, disk, "temporary files", jobs),
		      "", {{"processors", cores}, {"memory_mib", memory}, {"disk_mib", disk}, {"jobs", jobs}}};
	if (!scratch || disk < 512) {
		found.state = Finding::missing;
		found.mend = "set TMPDIR to a folder on a larger disk: a lab writes up to 512 MiB there";
	} else if (memory < lab_mib) {
		found.state = Finding::missing;
		found.mend = fmt::format("end something: one lab takes {} MiB of memory", lab_mib);
	}
	return found;
}

Finding qemu(machine::LabOptions &options)
{
	const auto path = machine::find_program("qemu-system-aarch64");
	if (!path)
		return {"lab", Finding::missing, "there is no qemu-system-aarch64", "sudo apt-get install qemu-system-arm, or name one with exit24 run --qemu PATH", {}};
	const auto version = machine::output_of(*path, {"--version"}, command_limit);
	if (!version)
		return {"lab", Finding::missing, version.error().what, "sudo apt-get install --reinstall qemu-system-arm", {}};
	options.qemu = *path;
	options.qemu_version = version->substr(0, version->find('\n'));
	Finding found{"lab", Finding::ok, options.qemu_version, "", {{"qemu", *path}, {"version", options.qemu_version}, {"modes", Json::array()}}};
	const auto newer = version_of(fetched_qemu()); // what exit24 run takes for the modes that the other cannot give
	std::string modes, too_old;
	for (const machine::Mode &mode : machine::modes()) {
		const auto gives = [&](const std::string &qemu) { return machine::qemu_major(qemu) >= mode.least_qemu; };
		const bool given = gives(options.qemu_version) || (newer && gives(*newer));
		std::string &list = given ? modes : too_old;
		list += (list.empty() ? "" : ", ") + std::string(mode.name);
		if (given)
			found.facts["modes"].push_back(mode.name);
	}
	if (newer) {
		found.text += " and " + *newer;
		found.facts["fetched"] = *newer;
	}
	found.text += ", for the modes " + modes;
	if (!too_old.empty()) {
		found.text += "; too old for " + too_old;
		found.mend = find_places().scripts + "/fetch-qemu brings a newer one, or name one with exit24 run --qemu PATH";
	}
	return found;
}

} // namespace

int doctor(const DoctorOptions &options)
{
	Terminal terminal;
	Findings findings(terminal, options.json);
	const Places places = find_places();
	Json ways = Json::array();

	const bool agent = findings.add(
		::access(places.agent.c_str(), X_OK) == 0
			? Finding{"agent", Finding::ok, places.agent, "", {}}
			: Finding{"agent", Finding::missing, fmt::format("{}: {}", places.agent, std::strerror(errno)),
				  build_it, {}});
	auto cases = load_cases(places.cases, {});
	bool ready = agent && findings.add(cases ? Finding{"cases", Finding::ok, fmt::format("{} in {}", cases->size(), places.cases), "", {}}
						 : Finding{"cases", Finding::missing, cases.error().what, "take the cases from where exit24 came from", {}});
	model::Guests guests;
	const model::CaseText *probe = nullptr;
	if (cases) {
		auto loaded = load_guests(places.guests, *cases);
		ready = findings.add(loaded ? Finding{"guests", Finding::ok, fmt::format("{} in {}", loaded->size(), places.guests), "", {}}
					    : Finding{"guests", Finding::missing, loaded.error().what, build_it, {}}) && ready;
		if (loaded)
			guests = std::move(*loaded);
		for (const model::CaseText &c : *cases)
			if (c.parsed.name == the_case)
				probe = &c;
		if (!probe)
			ready = findings.add({"cases", Finding::missing, std::string("there is no ") + the_case + " in " + places.cases, "take the cases from where exit24 came from", {}}) && ready;
	}

	const auto attempt = [&](const char *topic, machine::Machine &machine) {
		if (!options.json)
			terminal.busy("exit24 doctor", std::string("one SYSTEM_OFF, ") + topic);
		Finding found = try_it(machine, *probe, guests);
		terminal.busy("exit24 doctor", "");
		found.topic = topic;
		if (findings.add(std::move(found)))
			ways.push_back(topic);
	};

	// This host's own KVM: decided by doing
	utsname names;
	::uname(&names);
	const std::string hypervisor = machine::sign_of_hypervisor("");
	if (const auto obstacle = machine::native_obstacle()) {
		findings.add({"native", Finding::no, obstacle->why, obstacle->mend, {{"errno", obstacle->code}}});
	} else if (ready) {
		const auto native = machine::make_native(places.agent);
		attempt("native", *native);
	}
	if (std::string_view(names.machine) == "aarch64")
		findings.add({"host", Finding::ok,
			      hypervisor.empty() ? "no sign of a hypervisor: this looks like the metal"
						 : "a virtual machine, since " + hypervisor + "; a processor that is emulated looks no different from inside",
			      "", {{"hypervisor", hypervisor}}});

	machine::LabOptions lab;
	lab.agent = places.agent;
	const std::string file = kernel_cache() + "/newest/Image";
	bool lab_ready = findings.add(qemu(lab)) && ready;
	if (::access(file.c_str(), R_OK) != 0) {
		lab_ready = findings.add({"lab", Finding::missing, "no kernel image yet", places.scripts + "/fetch-kernel newest, or exit24 run --kernel IMAGE", {}}) && lab_ready;
	} else if (const auto image = machine::load_image(file); !image) {
		lab_ready = findings.add({"lab", Finding::missing, image.error().what, places.scripts + "/fetch-kernel --update newest", {}}) && lab_ready;
	} else if (lab_ready) {
		if (!options.json)
			terminal.print(fmt::format("{:>8}  lab: booting Linux {}, which takes some seconds\n", "...", image->release));
		const auto machine = machine::make_lab(*image, lab);
		if (machine)
			attempt("lab", **machine);
		else
			findings.add({"lab", Finding::missing, machine.error().what, build_it, {}});
	}

	findings.add(resources());
	findings.add(tool("git", "git", "patch series cannot be applied", "git"));
	findings.add(tool("compiler", "aarch64-linux-gnu-gcc", "kernels cannot be built", "gcc-aarch64-linux-gnu"));
	findings.add(tool("coccinelle", "spatch", "semantic patches cannot be applied", "coccinelle"));
	findings.add(bubblewrap());

	const int status = machine::interrupted() ? 130 : ways.empty() ? 3 : 0;
	if (options.json) {
		const Json out = {{"tool", {{"name", "exit24"}, {"version", version}}},
				  {"machine", names.machine},
				  {"kernel", names.release},
				  {"ways", ways},
				  {"findings", findings.json()},
				  {"exit_status", status}};
		terminal.print(out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
	} else {
		terminal.print(status == 0 ? "next: exit24 run\n" : "not ready yet: mend the lines marked MISSING\n");
	}
	return status;
}

} // namespace exit24::cli
