// SPDX-License-Identifier: GPL-2.0-only
#include "machine/native.hpp"

#include "base/file.hpp"
#include "machine/machine.hpp"
#include "machine/process.hpp"
#include "machine/scratch.hpp"
#include "machine/tail.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sstream>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <thread>
#include <unistd.h>

namespace exit24::machine {

KernelLog::KernelLog(From from) : fd_(::open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC))
{
	if (fd_.valid())
		::lseek(fd_.get(), 0, from == now ? SEEK_END : SEEK_SET);
}

std::string KernelLog::more()
{
	std::string lines;
	char record[8192];
	while (fd_.valid()) {
		const ssize_t n = ::read(fd_.get(), record, sizeof(record) - 1);
		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue; // older records were overwritten meanwhile
		if (n <= 0)
			break;
		// "PRIORITY,SEQUENCE,MICROSECONDS,FLAGS;TEXT\n KEY=VALUE\n"
		record[n] = '\0';
		unsigned long long microseconds = 0;
		const char *text = std::strchr(record, ';');
		if (!text || std::sscanf(record, "%*u,%*u,%llu", &microseconds) != 1)
			continue;
		char time[40];
		std::snprintf(time, sizeof(time), "[%5llu.%06llu] ", microseconds / 1000000, microseconds % 1000000);
		lines += time + std::string(text + 1, std::strcspn(text + 1, "\n")) + "\n";
	}
	return lines;
}

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t tail_bytes = 6000;

/// The text of a small file, with its zero bytes as blanks; "" if it cannot be read.
std::string text_of(const std::string &path)
{
	auto text = read_file(path, 1 << 16);
	if (!text)
		return "";
	for (char &c : *text)
		if (c == '\0' || c == '\n')
			c = ' ';
	text->erase(text->find_last_not_of(' ') + 1);
	return *text;
}

/// From /etc/group, since a static program has no other way to it; "" if it is not there.
std::string group_named(unsigned gid)
{
	const auto text = read_file("/etc/group", 1 << 20);
	std::istringstream lines(text ? *text : "");
	for (std::string line; std::getline(lines, line);) {
		// "name:password:gid:members"
		const auto password = line.find(':');
		const auto number = line.find(':', password + 1);
		if (number != std::string::npos && std::strtoul(line.c_str() + number + 1, nullptr, 10) == gid)
			return line.substr(0, password);
	}
	return "";
}

std::string octal(unsigned mode)
{
	char text[16];
	std::snprintf(text, sizeof(text), "%04o", mode & 07777);
	return text;
}

} // namespace

std::string sign_of_hypervisor(const std::string &root)
{
	const struct {
		const char *file;
		std::vector<const char *> words; ///< of which one stands in it; any text without
	} signs[] = {
		{"/proc/device-tree/hypervisor/compatible", {}},
		{"/proc/device-tree/compatible", {"linux,dummy-virt", "qemu,", "xen,"}},
		{"/sys/hypervisor/type", {}},
		{"/sys/class/dmi/id/sys_vendor",
		 {"QEMU", "KVM", "OpenStack", "KubeVirt", "VMware", "Xen", "Parallels", "Google", "Alibaba Cloud"}},
		{"/sys/class/dmi/id/product_name",
		 {"Virtual Machine", "Apple Virtualization", "Google Compute Engine", "OpenStack", "KVM"}},
	};
	for (const auto &sign : signs) {
		const std::string text = text_of(root + sign.file);
		bool found = sign.words.empty() && !text.empty();
		for (const char *word : sign.words)
			found = found || text.find(word) != std::string::npos;
		if (found)
			return std::string(sign.file) + " says " + text;
	}
	// Amazon's machines without a hypervisor have names such as c7g.metal
	const std::string product = text_of(root + "/sys/class/dmi/id/product_name");
	if (text_of(root + "/sys/class/dmi/id/sys_vendor") == "Amazon EC2" && product.find(".metal") == std::string::npos)
		return "/sys/class/dmi/id says Amazon EC2 " + product;
	return "";
}

std::string meaning_of(int code)
{
	switch (code) {
	case ENOMEM:
		return "there is too little memory for a VM, or a limit of this user or container is too low";
	case EBUSY:
		return "something else holds what KVM needs";
	case EINVAL:
		return "this kernel or processor does not offer what was asked for, such as 40 bits of guest memory or this kind of vCPU";
	case ENOEXEC:
		return "this vCPU cannot run, since it was not initialised as the kernel wants it";
	case EPERM:
	case EACCES:
		return "a policy of the kernel forbids it";
	case ENODEV:
	case ENXIO:
		return "the processor has no such device";
	case ENOTTY:
		return "what is behind /dev/kvm is not KVM";
	default:
		return "";
	}
}

std::optional<Obstacle> obstacle_in(const KvmNode &node)
{
	if (node.machine != "aarch64")
		return Obstacle{node.code,
				"this is " + node.machine + ", whose KVM runs no arm64 guests; the lab emulates EL2, and that is normal",
				"exit24 run --machine lab"};
	if (node.code == 0)
		return std::nullopt;
	const auto logged = [&](const char *words) {
		for (const std::string &line : node.kvm_log)
			if (line.find(words) != std::string::npos)
				return true;
		return false;
	};
	const std::string said = std::string(" (") + std::strerror(node.code) + ")";
	const std::string lab = "take a host with KVM, or exit24 run --machine lab";
	const std::string gid = std::to_string(node.gid);
	switch (node.code) {
	case ENOENT:
	case ENODEV:
	case ENXIO: {
		const std::string what = node.code == ENOENT ? "there is no /dev/kvm" + said
							      : "/dev/kvm is only a name and nothing is behind it" + said;
		if (logged("KVM disabled from command line"))
			return Obstacle{node.code, what + ": KVM is switched off on the kernel's command line",
					"take kvm-arm.mode=none off the kernel's command line and boot again"};
		if (logged("HYP mode not available"))
			return Obstacle{node.code, what + ": the kernel did not boot at EL2, as in most virtual machines and clouds",
					lab};
		if (node.container)
			return Obstacle{node.code, what + " in this container", "start it with --device /dev/kvm"};
		return Obstacle{node.code,
				what + ": this kernel has no KVM, or it did not boot at EL2, as in most virtual machines and clouds",
				"sudo dmesg | grep -i kvm; " + lab};
	}
	case EACCES: {
		const std::string what = "/dev/kvm is not for this user" + said + ": its mode is " + octal(node.mode) + ", its group " +
					 (node.group.empty() ? gid : node.group);
		if (node.container)
			return Obstacle{node.code, what, "start the container with --device /dev/kvm --group-add " + gid};
		if ((node.mode & 060) == 060 && node.gid != 0 && !node.group.empty())
			return Obstacle{node.code, what, "sudo usermod -aG " + node.group + " $USER, and log in again"};
		return Obstacle{node.code, what,
				"echo 'KERNEL==\"kvm\", GROUP=\"kvm\", MODE=\"0660\"' | sudo tee /etc/udev/rules.d/65-kvm.rules && "
				"sudo udevadm control --reload && sudo udevadm trigger --name-match=kvm && "
				"sudo usermod -aG kvm $USER, and log in again"};
	}
	case EPERM:
		return Obstacle{node.code, "the system forbids /dev/kvm" + said + ", as a container does that was not given it",
				"start the container with --device /dev/kvm"};
	default:
		return Obstacle{node.code, "/dev/kvm cannot be opened" + said, "sudo dmesg | grep -i kvm"};
	}
}

std::optional<Obstacle> native_obstacle()
{
	KvmNode node;
	utsname names;
	::uname(&names);
	node.machine = names.machine;
	const UniqueFd kvm(::open("/dev/kvm", O_RDWR | O_CLOEXEC));
	node.code = kvm.valid() ? 0 : errno;
	struct stat st = {};
	if (::stat("/dev/kvm", &st) == 0) {
		node.mode = st.st_mode;
		node.gid = st.st_gid;
		node.group = group_named(st.st_gid);
	}
	node.container = ::access("/.dockerenv", F_OK) == 0 || ::access("/run/.containerenv", F_OK) == 0;
	if (node.code != 0) {
		std::istringstream log(KernelLog(KernelLog::beginning).more());
		for (std::string line; std::getline(log, line);)
			if (line.find("] kvm [") != std::string::npos)
				node.kvm_log.push_back(line);
	}
	return obstacle_in(node);
}

namespace {

class Native final : public Machine {
public:
	explicit Native(std::string agent) : agent_(std::move(agent)), hypervisor_(sign_of_hypervisor("")) {}

	/// A virtual machine does not know whether its processor is emulated.
	model::Json describe() const override
	{
		model::Json facts = {{"machine", "native"}, {"clock", "real"}};
		if (hypervisor_.empty())
			facts["emulated"] = false;
		else
			facts["hypervisor"] = hypervisor_;
		return facts;
	}

	End boot(const std::string &plan, Listener &listener) override
	{
		auto scratch = Scratch::create();
		if (!scratch)
			return {"machine", scratch.error().what, "", ""};
		if (auto r = write_file(scratch->path("plan.json"), plan); !r)
			return {"machine", r.error().what, "", ""};
		const std::string recording = scratch->path("recording");
		const std::string log = scratch->path("agent.log");
		KernelLog kernel(KernelLog::now);
		auto agent = Process::start(agent_, {scratch->path("plan.json"), recording}, log);
		if (!agent)
			return {"machine", agent.error().what, "", ""};

		FileTail lines(recording);
		auto last_sign = Clock::now();
		const auto take_in = [&] {
			const std::string more = lines.more();
			if (more.empty())
				return;
			listener.hear(more);
			last_sign = Clock::now();
		};
		const auto ended = [&](std::string kind, std::string reason) {
			agent->kill();
			take_in();
			const auto said = read_file(log);
			return End{std::move(kind), std::move(reason), last_lines(kernel.more() + (said ? *said : ""), tail_bytes), ""};
		};
		while (agent->running()) {
			take_in();
			if (interrupted())
				return ended("machine", "interrupted");
			if (Clock::now() - last_sign > listener.patience()) {
				const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(listener.patience());
				return ended("hang", "the agent has been silent for " + std::to_string(seconds.count()) + " s");
			}
			std::this_thread::sleep_for(std::chrono::milliseconds(5));
		}
		take_in();
		if (listener.done())
			return ended("complete", "");
		if (scratch->bytes_free() < 65536)
			return ended("machine", "no space is left in " + scratch->folder() +
							"; set TMPDIR to a folder on a larger disk");
		return ended("machine", "the agent ended with " + agent->how_it_ended());
	}

private:
	std::string agent_;
	std::string hypervisor_;
};

} // namespace

std::unique_ptr<Machine> make_native(const std::string &agent)
{
	return std::make_unique<Native>(agent);
}

} // namespace exit24::machine
