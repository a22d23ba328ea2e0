// SPDX-License-Identifier: GPL-2.0-only
#include "agent/target.hpp"

#include "abi/names.hpp"
#include "agent/executor.hpp"
#include "base/file.hpp"
#include "base/runs.hpp"
#include "guests/include/contract.h"
#include "model/plan.hpp"

#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <sys/wait.h>

namespace exit24::agent {

KernelLog::KernelLog()
	: fd_(::open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC)), record_(new char[record_size])
{
}

std::vector<std::string> KernelLog::take(int level)
{
	std::vector<std::string> lines;
	char *const record = record_.get();
	while (fd_.valid()) {
		const ssize_t n = ::read(fd_.get(), record, record_size - 1);
		if (n < 0 && errno == EPIPE)
			continue; // older records were overwritten meanwhile
		if (n <= 0)
			break;
		// "PRIORITY,SEQUENCE,TIME,FLAGS;TEXT\n"
		record[n] = '\0';
		const char *text = std::strchr(record, ';');
		if (!text || (std::atoi(record) & 7) > level)
			continue;
		lines.emplace_back(text + 1, std::strcspn(text + 1, "\n"));
	}
	return lines;
}

namespace {

constexpr std::uint64_t psci_version_register = 0x6030000000140000; // KVM_REG_ARM_PSCI_VERSION
constexpr std::uint64_t psci_version_function = 0x84000000;
// KVM_ARM_VM_SMCCC_CTRL and KVM_ARM_VM_SMCCC_FILTER of arch/arm64/include/uapi/asm/kvm.h since v6.4
constexpr std::uint32_t smccc_group = 0;
constexpr std::uint64_t smccc_filter = 0;
constexpr int probe_seconds = 1;

struct Probed {
	bool has_version, has_smc;
	std::uint64_t version, smc;
	std::uint64_t registers; // bit N: the Nth of abi::other_registers
};

std::string first_line(const std::string &path)
{
	const auto content = read_file(path, 1 << 16);
	return content ? content->substr(0, content->find('\n')) : "";
}

/// In a process of its own with an alarm: where SMC is undefined the payload never comes back.
void probe_psci(const kvm::Kvm &kvm, const model::Guest &guest, Probed &probed)
{
	const itimerval limit = {{0, 0}, {probe_seconds, 0}};
	::setitimer(ITIMER_REAL, &limit, nullptr); // SIGALRM ends this process
	auto vm = kvm::Vm::create(kvm, EXIT24_SLOT_SIZE);
	if (!vm)
		return;
	auto vcpu = kvm::Vcpu::create(kvm, *vm, 0);
	if (!vcpu || !vcpu->init(*vm, feature_bits({"KVM_ARM_VCPU_PSCI_0_2"})).ok())
		return;
	std::memcpy(vm->ram().data(), guest.code.data(), guest.code.size());
	probed.has_version = vcpu->get_reg(psci_version_register, probed.version).ok();
	for (std::size_t i = 0; i < abi::other_registers.size(); i++) {
		std::uint64_t value = 0;
		if (vcpu->get_reg(abi::other_registers[i].value, value).ok())
			probed.registers |= std::uint64_t{1} << i;
	}
	const auto set = [&](const char *reg, std::uint64_t value) {
		return vcpu->set_reg(*abi::find(abi::core_registers, reg), value).ok();
	};
	const auto entry = guest.labels.find("smc");
	if (entry == guest.labels.end() || !set("pc", EXIT24_RAM_BASE + entry->second) ||
	    !set("x0", psci_version_function))
		return;
	const kvm::Answer answer = vcpu->run();
	probed.has_smc = answer.ok() && report_of(*vcpu, probed.smc);
}

} // namespace

model::Json describe_target(const kvm::Kvm *kvm, const std::string &trouble, const model::Guest &probe,
			    const std::vector<std::string> &boot_log)
{
	model::Json hello;
	hello["protocol"] = model::protocol;
	utsname names;
	::uname(&names);
	hello["release"] = names.release;
	hello["version"] = names.version;
	hello["machine"] = names.machine;
	timespec uptime;
	::clock_gettime(CLOCK_MONOTONIC, &uptime);
	hello["uptime_ms"] = std::uint64_t(uptime.tv_sec) * 1000 + std::uint64_t(uptime.tv_nsec) / 1000000;
	hello["cpus"] = ::sysconf(_SC_NPROCESSORS_ONLN);
	hello["page_size"] = ::sysconf(_SC_PAGESIZE);
	hello["midr"] = first_line("/sys/devices/system/cpu/cpu0/regs/identification/midr_el1");
	hello["model"] = first_line("/proc/device-tree/model").c_str(); // may end in a zero byte
	hello["command_line"] = first_line("/proc/cmdline");
	hello["kvm_log"] = model::Json::array();
	for (const std::string &line : boot_log)
		if (line.starts_with("kvm ["))
			hello["kvm_log"].push_back(line);
	if (!kvm) {
		hello["kvm_trouble"] = trouble;
		return hello;
	}

	auto vm = kvm::Vm::create(*kvm, EXIT24_SLOT_SIZE);
	if (!vm) {
		hello["kvm_trouble"] = vm.error().what;
		return hello;
	}
	for (const abi::Name &cap : abi::capabilities)
		hello["capabilities"][std::string(cap.name)] = vm->check(cap.value);
	hello["smccc_filter"] = vm->has_attribute(smccc_group, smccc_filter);
	hello["gics"] = model::Json::array();
	for (const auto &[name, type] : {std::pair{"v2", KVM_DEV_TYPE_ARM_VGIC_V2}, {"v3", KVM_DEV_TYPE_ARM_VGIC_V3}}) {
		kvm_create_device device = {.type = type, .fd = 0, .flags = KVM_CREATE_DEVICE_TEST};
		if (kvm::call(vm->fd(), kvm::create_device, device).ok())
			hello["gics"].push_back(name);
	}
	hello["protected_vm"] = kvm::Vm::create(*kvm, EXIT24_SLOT_SIZE, kvm::protected_vm).has_value();

	void *shared = ::mmap(nullptr, sizeof(Probed), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return hello;
	auto *probed = new (shared) Probed{};
	const pid_t pid = ::fork();
	if (pid == 0) {
		probe_psci(*kvm, probe, *probed);
		::_exit(0);
	}
	if (pid > 0)
		::waitpid(pid, nullptr, 0);
	if (probed->has_version)
		hello["psci_version"] = hex(probed->version);
	hello["registers"] = model::Json::array();
	for (std::size_t i = 0; i < abi::other_registers.size(); i++)
		if (probed->registers >> i & 1)
			hello["registers"].push_back(abi::other_registers[i].name);
	if (probed->has_smc)
		hello["smc_psci_version"] = hex(probed->smc);
	::munmap(shared, sizeof(Probed));
	return hello;
}

void send_files(const model::Wanted &wanted, Channel &channel, const std::string &after)
{
	if (wanted.endings.empty())
		return;
	std::error_code error;
	for (auto it = std::filesystem::recursive_directory_iterator(wanted.below, error);
	     !error && it != std::filesystem::end(it); it.increment(error)) {
		const std::string path = it->path();
		for (const std::string &ending : wanted.endings) {
			if (!path.ends_with(ending))
				continue;
			const auto content = read_file(path, 1 << 20);
			if (!content)
				continue;
			const std::vector<std::uint8_t> bytes(content->begin(), content->end());
			model::Json file = {{"path", path}, {"bytes", encode_runs(bytes)}};
			if (!after.empty())
				file["case"] = after;
			channel.emit({{"file", file}});
		}
	}
}

} // namespace exit24::agent
