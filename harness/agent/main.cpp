// SPDX-License-Identifier: GPL-2.0-only
/// exit24-agent: runs a plan against /dev/kvm and writes down what happened. It never says pass or fail.
///
/// As a program: exit24-agent PLAN RECORDING. As /init of a lab: the plan is /plan.json, the recording goes
/// to the virtio port "exit24.recording" or, where there is none, to the console; then the lab is powered off.
#include "agent/channel.hpp"
#include "agent/supervisor.hpp"
#include "agent/target.hpp"
#include "base/file.hpp"

#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <optional>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <termios.h>

namespace exit24::agent {
namespace {

constexpr char port_name[] = "exit24.recording";

Fault requested_fault()
{
	const auto line = read_file("/proc/cmdline", 1 << 16);
	static constexpr std::string_view key = "exit24.fault=";
	const auto at = line ? line->find(key) : std::string::npos;
	if (at == std::string::npos)
		return {};
	const std::string word = line->substr(at + key.size(), line->find_first_of(" \n", at) - at - key.size());
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

UniqueFd open_console()
{
	UniqueFd fd(::open("/dev/console", O_WRONLY | O_NOCTTY | O_CLOEXEC));
	termios settings;
	if (fd.valid() && ::tcgetattr(fd.get(), &settings) == 0) {
		::cfmakeraw(&settings);
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

int run(const std::string &plan_file, UniqueFd output, const Fault &fault)
{
	Shared *shared = make_shared_memory<Shared>();
	Slot *slots = make_shared_memory<Slot>(Supervisor::slots);
	if (!shared || !slots) {
		std::perror("exit24-agent: mmap");
		return 3;
	}
	const auto plan = load_plan(plan_file);
	if (!plan)
		return 2;
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD); // for sigtimedwait
	::sigprocmask(SIG_BLOCK, &set, nullptr);
	prepare_signals();

	Channel channel(std::move(output), *shared);
	KernelLog log;
	auto kvm = kvm::Kvm::open();
	const auto probe = plan->guests.find("psci_call");
	const model::Json facts =
		describe_target(kvm ? &*kvm : nullptr, kvm ? "" : kvm.error().what,
				probe == plan->guests.end() ? model::Guest() : probe->second, log.take(7));
	channel.emit({{"hello", facts}});
	if (kvm) {
		const model::Hello hello = model::read_hello(facts); // as the controller will read it
		(void)log.take(7); // what the probes made the kernel say
		Supervisor supervisor(*kvm, *plan, hello, channel, slots, log, fault);
		if (plan->wanted.each)
			send_files(plan->wanted, channel, "");
		supervisor.run();
	}
	if (!plan->wanted.each)
		send_files(plan->wanted, channel, "");
	channel.emit({{"done", true}});
	return 0;
}

int as_init()
{
	mount_filesystems();
	UniqueFd port = open_port();
	if (!port.valid())
		port = open_console();
	const int status = run("/plan.json", std::move(port), requested_fault());
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
	return agent::run(argv[1], std::move(output), {});
}
