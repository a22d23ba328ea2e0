// SPDX-License-Identifier: GPL-2.0-only
#include "base/file.hpp"
#include "machine/initramfs.hpp"
#include "machine/machine.hpp"
#include "machine/process.hpp"
#include "machine/qmp.hpp"
#include "machine/scratch.hpp"
#include "machine/setup.hpp"
#include "base/sha256.hpp"
#include "machine/tail.hpp"

#include <algorithm>
#include <charconv>
#include <thread>

namespace exit24::machine {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t console_limit = std::size_t{4} << 20; // a kernel that prints more is stopped
constexpr std::size_t tail_bytes = 6000;
constexpr auto poll_interval = std::chrono::milliseconds(5);

// panic=-1 with -no-reboot turns a panic into QEMU's end; nokaslr and the pinned dtb and rtc make two runs alike.
constexpr char kernel_arguments[] =
	"console=ttyAMA0 panic=-1 oops=panic loglevel=4 nokaslr cryptomgr.notests";

class Lab final : public Machine {
public:
	Lab(const Image &image, LabOptions options, const Mode &mode, std::string agent)
		: image_(image), options_(std::move(options)), mode_(mode), agent_(std::move(agent)),
		  setup_(setup_of(image, options_)), image_sha256_(sha256(image.content))
	{
	}

	model::Json describe() const override
	{
		return {{"machine", "lab"},
			{"emulated", true},
			{"qemu", options_.qemu_version},
			{"cpu", setup_.cpu},
			{"mode", mode_.name},
			{"kvm_mode", mode_.kvm_mode},
			{"clock", options_.real_clock ? "real" : "deterministic"},
			{"image", {{"file", image_.path}, {"release", image_.release}, {"sha256", image_sha256_}}}};
	}

	End boot(const std::string &plan, Listener &listener) override;

private:
	std::vector<std::string> arguments(const Scratch &scratch, const std::string &kernel) const;
	Result<std::string> prepare(const Scratch &scratch, const std::string &plan) const;

	const Image &image_;
	LabOptions options_;
	const Mode &mode_;
	std::string agent_;
	Setup setup_;
	std::string image_sha256_;
};

std::vector<std::string> Lab::arguments(const Scratch &scratch, const std::string &kernel) const
{
	std::vector<std::string> args = {
		"-M", "virt,virtualization=on,dtb-randomness=off,gic-version=" + setup_.gic,
		"-accel", "tcg",
		"-cpu", setup_.cpu,
		"-smp", std::to_string(options_.cpus),
		"-m", std::to_string(options_.memory_mib),
		"-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
		"-serial", "file:" + scratch.path("console"),
		"-chardev", "file,id=recording,path=" + scratch.path("recording"),
		// ioeventfd would move the port's work to another thread, and the guest's clock with it
		"-device", "virtio-serial-pci,ioeventfd=off",
		"-device", "virtserialport,chardev=recording,name=exit24.recording",
		"-qmp", "unix:" + scratch.path("qmp") + ",server=on,wait=off",
		"-kernel", kernel,
		"-initrd", scratch.path("initramfs"),
		"-append", setup_.append,
	};
	if (!options_.real_clock)
		args.insert(args.end(), {"-icount", "shift=0,sleep=off", "-rtc", "base=2026-01-01,clock=vm"});
	return args;
}

/// Writes what QEMU reads; the path of the kernel.
Result<std::string> Lab::prepare(const Scratch &scratch, const std::string &plan) const
{
	auto initramfs = make_initramfs(agent_, plan);
	if (!initramfs)
		return initramfs;
	if (auto r = write_file(scratch.path("initramfs"), *initramfs); !r)
		return r.error();
	if (!image_.packed)
		return image_.path;
	if (auto r = write_file(scratch.path("kernel"), image_.content); !r)
		return r.error();
	return scratch.path("kernel");
}

End Lab::boot(const std::string &plan, Listener &listener)
{
	auto scratch = Scratch::create();
	if (!scratch)
		return {"machine", scratch.error().what, "", ""};
	auto kernel = prepare(*scratch, plan);
	if (!kernel)
		return {"machine", kernel.error().what, "", ""};
	auto qemu = Process::start(options_.qemu, arguments(*scratch, *kernel), scratch->path("qemu.log"));
	if (!qemu)
		return {"machine", qemu.error().what, "", ""};

	Qmp qmp(scratch->path("qmp"));
	FileTail recording(scratch->path("recording"));
	FileTail console_file(scratch->path("console"));
	std::string console;
	auto last_sign = Clock::now();

	// What there is, and whether there was something.
	const auto take_in = [&] {
		const std::string lines = recording.more();
		const std::string printed = console_file.more();
		if (!lines.empty())
			listener.hear(lines);
		if (!printed.empty())
			listener.hear(printed, Listener::console); // a kernel without the port: the lines are on the console
		console += printed;
		if (!lines.empty() || !printed.empty())
			last_sign = Clock::now();
	};
	const auto ended = [&](std::string kind, std::string reason, std::string registers = "") {
		qemu->kill();
		take_in();
		return End{std::move(kind), std::move(reason), last_lines(console, tail_bytes), std::move(registers)};
	};

	while (qemu->running()) {
		take_in();
		qmp.poll();
		if (interrupted())
			return ended("machine", "interrupted");
		if (console.size() > console_limit)
			return ended("crash", "the kernel printed more than " + std::to_string(console_limit >> 20) +
						      " MiB to the console");
		if (Clock::now() - last_sign > listener.patience()) {
			const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(listener.patience());
			const std::string registers = qmp.registers();
			if (listener.done())
				return ended("complete", "");
			return ended("hang",
				     "the whole machine has been silent for " + std::to_string(seconds.count()) + " s",
				     registers);
		}
		std::this_thread::sleep_for(poll_interval);
	}
	qmp.poll();
	take_in();
	if (listener.done())
		return ended("complete", "");
	if (scratch->bytes_free() < 65536)
		return ended("machine", "no space is left in " + scratch->folder() +
						"; set TMPDIR to a folder on a larger disk");
	const std::string cause = cause_of_death(console);
	if (cause.find("Attempted to kill init!") != std::string::npos)
		return ended("machine", "the agent died in the lab, and the kernel with it: " + cause);
	if (!cause.empty())
		return ended("crash", cause);
	if (qmp.shutdown_reason() == "guest-shutdown")
		return ended("crash", "the kernel powered the machine off");
	if (qmp.shutdown_reason().starts_with("guest-"))
		return ended("crash", "the kernel reset the machine without a word");
	const auto said = read_file(scratch->path("qemu.log"));
	const std::string words = said && !said->empty() ? ": " + said->substr(0, said->find('\n')) : "";
	return ended("machine", "QEMU ended with " + qemu->how_it_ended() + words);
}

} // namespace

const std::vector<Mode> &modes()
{
	static constexpr std::string_view nvhe = "kvm-arm.mode=nvhe";
	// FEAT_NV2 and all page sizes; without LPA2 and pauth it is twenty times as fast
	static constexpr std::string_view newest = "max,pauth=off,lpa2=off,sve=off,sme=off";
	static const std::vector<Mode> list = {
		{"nvhe", "cortex-a57", "", "3", "nvhe", 0, "neoverse-n1", nvhe},
		{"vhe", "neoverse-n1", "", "3", "vhe", 0, "", ""},
		{"hvhe", newest, "kvm-arm.mode=nvhe id_aa64mmfr1.vh=0 arm64_sw.hvhe=1", "3", "hvhe", 0, "", ""},
		{"gicv2", "cortex-a57", "", "2", "nvhe", 0, "neoverse-n1", nvhe},
		// Debian's 7.3 hangs at boot in protected mode on a Cortex-A57
		{"protected", "cortex-a72", "kvm-arm.mode=protected", "3", "protected", 0, "cortex-a76",
		 "kvm-arm.mode=protected"},
		{"nested", newest, "kvm-arm.mode=nested", "3", "nested", 9, "", ""},
	};
	return list;
}

unsigned qemu_major(std::string_view version_line)
{
	static constexpr std::string_view words = "QEMU emulator version ";
	unsigned major = 0;
	if (version_line.starts_with(words))
		std::from_chars(version_line.data() + words.size(), version_line.data() + version_line.size(), major);
	return major;
}

Setup setup_of(const Image &image, const LabOptions &options)
{
	const auto mode = std::find_if(modes().begin(), modes().end(), [&](const Mode &m) { return m.name == options.mode; });
	Setup setup{options.cpu.empty() ? std::string(mode->cpu) : options.cpu, std::string(mode->gic), kernel_arguments};
	std::string_view own = mode->append;
	if (image.page_kib == 16 && options.cpu.empty() && !mode->cpu_16k.empty()) {
		setup.cpu = mode->cpu_16k;
		own = mode->append_16k;
	}
	for (const std::string_view more : {own, std::string_view(options.append)})
		setup.append += more.empty() ? "" : " " + std::string(more);
	return setup;
}

std::string cannot_give(const Image &image, const LabOptions &options)
{
	const auto mode = std::find_if(modes().begin(), modes().end(), [&](const Mode &m) { return m.name == options.mode; });
	if (mode == modes().end())
		return "";
	if (const unsigned major = qemu_major(options.qemu_version); major != 0 && major < mode->least_qemu)
		return "it needs QEMU " + std::to_string(mode->least_qemu) + " or later, and this is " +
		       options.qemu_version + "; scripts/fetch-qemu brings one, or name one with --qemu";
	// the cores that have no such granule: a kernel that wants one says nothing at all there
	for (const std::string_view core : {"cortex-a53", "cortex-a57", "cortex-a72"})
		if (image.page_kib == 16 && std::string_view(options.cpu).starts_with(core))
			return options.cpu + " has no pages of 16 KiB, which this kernel is built for; leave --cpu out";
	return "";
}

Result<std::unique_ptr<Machine>> make_lab(const Image &image, const LabOptions &options)
{
	auto agent = read_agent(options.agent);
	if (!agent)
		return agent.error();
	for (const Mode &mode : modes())
		if (mode.name == options.mode)
			return std::unique_ptr<Machine>(new Lab(image, options, mode, std::move(*agent)));
	return Error{"there is no mode \"" + options.mode + "\""};
}

} // namespace exit24::machine
