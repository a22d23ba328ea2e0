// SPDX-License-Identifier: GPL-2.0-only
/// exit24-agent: runs a plan against /dev/kvm and writes down what happened. It never says pass or fail.
///
/// As a program: exit24-agent PLAN RECORDING. As /init of a lab: the plan is /plan.json, the recording goes
/// to the virtio port "exit24.recording" or, where there is none, to the console; then the lab is powered off.
/// As /init where /boot.json is beside the plan, nobody has to listen: see Teller.
#include "agent/channel.hpp"
#include "agent/supervisor.hpp"
#include "agent/target.hpp"
#include "agent/teller.hpp"
#include "base/file.hpp"

#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <optional>
#include <signal.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>

namespace exit24::agent {
namespace {

constexpr char port_name[] = "exit24.recording";

/// A word that the kernel's command line gives to KEY=, "" without.
std::string from_command_line(std::string_view key)
{
	const auto line = read_file("/proc/cmdline", 1 << 16);
	const auto at = line ? line->find(key) : std::string::npos;
	if (at == std::string::npos)
		return "";
	return line->substr(at + key.size(), line->find_first_of(" \n", at) - at - key.size());
}

Fault requested_fault()
{
	const std::string word = from_command_line("exit24.fault=");
	const auto split = word.find('@');
	return split == std::string::npos ? Fault{} : Fault{word.substr(0, split), word.substr(split + 1)};
}

void mount_filesystems()
{
	const struct {
		const char *type, *at;
	} mounts[] = {
		{"devtmpfs", "/dev"}, {"proc", "/proc"}, {"sysfs", "/sys"}, {"debugfs", "/sys/kernel/debug"}};
	for (const auto &m : mounts) {
		::mkdir(m.at, 0755);
		::mount(m.type, m.at, m.type, 0, nullptr);
	}
}

UniqueFd open_port()
{
	for (int i = 0; i < 8; i++) {
		const std::string name = "vport" + std::to_string(i / 4) + "p" + std::to_string(i % 4);
		const auto port = read_file("/sys/class/virtio-ports/" + name + "/name", 256);
		if (port && port->starts_with(port_name))
			return UniqueFd(::open(("/dev/" + name).c_str(), O_WRONLY | O_CLOEXEC));
	}
	return UniqueFd();
}

UniqueFd open_console(bool for_people)
{
	UniqueFd fd(::open("/dev/console", O_WRONLY | O_NOCTTY | O_CLOEXEC));
	termios settings;
	if (fd.valid() && ::tcgetattr(fd.get(), &settings) == 0) {
		::cfmakeraw(&settings);
		if (for_people)
			settings.c_oflag |= OPOST | ONLCR;
		::tcsetattr(fd.get(), TCSANOW, &settings);
	}
	return fd;
}

template <typename T> T *make_shared_memory(std::size_t count = 1)
{
	void *memory =
		::mmap(nullptr, count * sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return memory == MAP_FAILED ? nullptr : new (memory) T[count];
}

/// Nothing, after a message, if there is none.
std::optional<model::Plan> load_plan(const std::string &file)
{
	const auto text = read_file(file);
	const auto plan = text ? model::read_plan(*text) : Result<model::Plan>(text.error());
	if (!plan) {
		std::fprintf(stderr, "exit24-agent: %s\n", plan.error().what.c_str());
		return {};
	}
	return *plan;
}

/// Runs a loaded plan. With a teller, that hears of each end.
int run(const model::Plan &plan, UniqueFd output, const Fault &fault, const model::Json &boot = {},
	Teller *teller = nullptr)
{
	Shared *shared = make_shared_memory<Shared>();
	Slot *slots = make_shared_memory<Slot>(Supervisor::slots);
	if (!shared || !slots) {
		std::perror("exit24-agent: mmap");
		return 3;
	}
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD); // for sigtimedwait
	::sigprocmask(SIG_BLOCK, &set, nullptr);
	prepare_signals();

	Channel channel(std::move(output), *shared);
	KernelLog log;
	auto kvm = kvm::Kvm::open();
	const auto probe = plan.guests.find("psci_call");
	const model::Json facts =
		describe_target(kvm ? &*kvm : nullptr, kvm ? "" : kvm.error().what,
				probe == plan.guests.end() ? model::Guest() : probe->second, log.take(7));
	if (teller) {
		shared->seq = 0; // no controller has written that
		channel.emit({{"boot", boot}});
	}
	channel.emit({{"hello", facts}});
	if (teller)
		teller->flush();
	if (kvm) {
		const model::Hello hello = model::read_hello(facts); // as the controller will read it
		(void)log.take(7); // what the probes made the kernel say
		Supervisor supervisor(*kvm, plan, hello, channel, slots, log, fault, teller);
		if (plan.wanted.each)
			send_files(plan.wanted, channel, "");
		supervisor.run();
	}
	if (!plan.wanted.each)
		send_files(plan.wanted, channel, "");
	channel.emit({{"done", true}});
	return 0;
}

/// Where nobody listens: in a process of its own, so that each case has its line whatever becomes of that.
void run_alone(const model::Plan &plan, model::Json boot)
{
	static constexpr int console_level = 8; // SYSLOG_ACTION_CONSOLE_LEVEL
	static constexpr unsigned silent_seconds = 120;
	::klogctl(console_level, nullptr, 1); // the kernel's own lines would go in between; an oops still prints
	std::vector<std::string> names;
	for (const model::Plan::Item &item : plan.cases)
		names.push_back(item.c.name);
	UniqueFd store(::memfd_create("recording", MFD_CLOEXEC));
	Teller teller(open_console(true), UniqueFd(::dup(store.get())), names);
	if (!teller.good()) {
		std::perror("exit24-agent: mmap");
		return;
	}
	teller.begin();
	if (const std::string cell = from_command_line("exit24.cell="); !cell.empty())
		boot["cell"] = cell;
	const pid_t child = ::fork();
	if (child == 0)
		::_exit(run(plan, std::move(store), requested_fault(), boot, &teller));
	std::string why = child < 0 ? system_error("fork", errno).what : "";
	std::uint64_t progress = 0;
	for (unsigned silent = 0; why.empty(); ::sleep(1)) {
		int status = 0;
		const pid_t ended = ::waitpid(-1, &status, WNOHANG);
		if (ended == child) {
			why = WIFSIGNALED(status) ? "the agent was ended by signal " + std::to_string(WTERMSIG(status))
						  : "the agent ended with status " + std::to_string(WEXITSTATUS(status));
			break;
		}
		silent = teller.progress() == progress ? silent + 1 : 0;
		progress = teller.progress();
		if (silent == silent_seconds)
			why = "the agent was silent for " + std::to_string(silent) + " s";
	}
	teller.finish(why);
}

int as_init()
{
	mount_filesystems();
	int status = 2;
	const auto boot_facts = read_file("/boot.json");
	const auto boot = boot_facts ? model::Json::parse(*boot_facts, nullptr, false) : model::Json();
	if (const auto plan = load_plan("/plan.json"); plan && boot.is_object()) {
		run_alone(*plan, boot);
		status = 0;
	} else if (plan) {
		UniqueFd port = open_port();
		if (!port.valid())
			port = open_console(false);
		status = run(*plan, std::move(port), requested_fault());
	}
	std::fflush(stderr);
	::reboot(RB_POWER_OFF);
	return status;
}

} // namespace
} // namespace exit24::agent

int main(int argc, char **argv)
{
	using namespace exit24;
	if (::getpid() == 1)
		return agent::as_init();
	if (argc != 3) {
		std::fprintf(stderr, "usage: exit24-agent PLAN RECORDING\n");
		return 2;
	}
	UniqueFd output(::open(argv[2], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
	if (!output.valid()) {
		std::perror(argv[2]);
		return 3;
	}
	const auto plan = agent::load_plan(argv[1]);
	return plan ? agent::run(*plan, std::move(output), {}) : 2;
}
