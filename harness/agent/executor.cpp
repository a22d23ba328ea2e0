// SPDX-License-Identifier: GPL-2.0-only
#include "agent/executor.hpp"

#include "abi/names.hpp"
#include "base/file.hpp"
#include "base/runs.hpp"
#include "guests/include/contract.h"
#include "model/recording.hpp"

#include <atomic>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <memory>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>

namespace exit24::agent {

using model::Json;

namespace {

constexpr int kick_signal = SIGUSR2;
constexpr long poll_ns = 200 * 1000;

volatile sig_atomic_t deadline_hit;
kvm::Vcpu *running_in_main; // the vCPU whose KVM_RUN the main thread is in, for the signal handler
thread_local kvm::Vcpu *running_here;

std::uint64_t now_ns()
{
	timespec t;
	::clock_gettime(CLOCK_MONOTONIC, &t);
	return static_cast<std::uint64_t>(t.tv_sec) * 1000000000 + static_cast<std::uint64_t>(t.tv_nsec);
}

void doze()
{
	const timespec t = {0, poll_ns};
	::nanosleep(&t, nullptr);
}

void on_deadline(int)
{
	deadline_hit = 1;
	if (running_in_main)
		running_in_main->request_exit();
}

void on_kick(int)
{
	if (running_here)
		running_here->request_exit();
}

void set_handler(int signal, void (*handler)(int))
{
	struct sigaction action = {};
	action.sa_handler = handler; // no SA_RESTART: it must end nanosleep and KVM_RUN
	::sigaction(signal, &action, nullptr);
}

/// The guest runs with its caches off, so on hardware its stores go past ours: drop our copy of the line.
std::uint64_t read_counter(const std::uint8_t *at)
{
#ifdef __aarch64__
	asm volatile("dc civac, %0\n\tdsb sy" ::"r"(at) : "memory");
#endif
	std::uint64_t value;
	std::memcpy(&value, at, sizeof(value));
	return value;
}

/// One vCPU of the case, and the thread its KVM_RUN is in, if it is started.
struct Seat {
	std::unique_ptr<kvm::Vcpu> vcpu;
	unsigned vm = 0;
	pthread_t thread = {};
	bool started = false;
	std::atomic<int> tid{0};
	std::atomic<bool> done{false};
	kvm::Answer answer;
	std::uint64_t ns = 0; // how long the KVM_RUN took
};

void *run_thread(void *argument)
{
	Seat &seat = *static_cast<Seat *>(argument);
	running_here = seat.vcpu.get();
	seat.tid = static_cast<int>(::syscall(SYS_gettid));
	const std::uint64_t start = now_ns();
	seat.answer = seat.vcpu->run();
	seat.ns = now_ns() - start;
	seat.done = true;
	return nullptr;
}

class Executor {
public:
	Executor(const model::Case &c, const model::Guests &guests, Channel &channel, Shared &shared)
		: case_(c), guests_(guests), channel_(channel), shared_(shared)
	{
	}

	Result<void> set_up(const kvm::Kvm &kvm);
	void run();

private:
	void start(unsigned vcpu);
	bool wait_asleep(unsigned vcpu);
	void wait_progress(unsigned vcpu);
	void kick(unsigned vcpu);
	bool is_asleep(const Seat &seat) const;

	void step(const model::Run &s, Json &line);
	void step(const model::Start &s, Json &line);
	void step(const model::Wait &s, Json &line);
	void step(const model::Kick &s, Json &line);
	void step(const model::GetMpState &s, Json &line);
	void step(const model::SetMpState &s, Json &line);
	void step(const model::GetReg &s, Json &line);
	void step(const model::SetReg &s, Json &line);
	void step(const model::Init &s, Json &line);
	void step(const model::EnableCap &s, Json &line);

	void put(Json &line, const kvm::Answer &answer, std::uint64_t ns) const;
	void put_exit(Json &line, unsigned vcpu, const std::vector<std::uint64_t> &reports) const;

	const model::Case &case_;
	const model::Guests &guests_;
	Channel &channel_;
	Shared &shared_;
	std::vector<std::unique_ptr<kvm::Vm>> vms_;
	std::vector<std::unique_ptr<Seat>> seats_; // destroyed before the VMs
};

Result<void> Executor::set_up(const kvm::Kvm &kvm)
{
	for (unsigned m = 0; m < case_.vms(); m++) {
		auto vm = kvm::Vm::create(kvm, case_.vcpus.size() * EXIT24_SLOT_SIZE);
		if (!vm)
			return vm.error();
		vms_.push_back(std::make_unique<kvm::Vm>(std::move(*vm)));
	}
	std::vector<unsigned> next_id(case_.vms(), 0);
	for (unsigned i = 0; i < case_.vcpus.size(); i++) {
		const model::VcpuSpec &spec = case_.vcpus[i];
		auto vcpu = kvm::Vcpu::create(kvm, *vms_[spec.vm], next_id[spec.vm]++);
		if (!vcpu)
			return vcpu.error();
		auto seat = std::make_unique<Seat>();
		seat->vcpu = std::make_unique<kvm::Vcpu>(std::move(*vcpu));
		seat->vm = spec.vm;
		seats_.push_back(std::move(seat));

		const model::Guest &guest = guests_.at(spec.guest);
		const std::size_t place = std::size_t{i} * EXIT24_SLOT_SIZE;
		std::memcpy(vms_[spec.vm]->ram().data() + place, guest.code.data(), guest.code.size());
	}
	for (unsigned i = 0; i < case_.vcpus.size(); i++) {
		const model::VcpuSpec &spec = case_.vcpus[i];
		kvm::Vcpu &vcpu = *seats_[i]->vcpu;
		if (const auto a = vcpu.init(*vms_[spec.vm], feature_bits(spec.features)); !a.ok())
			return system_error(kvm::vcpu_init.name, a.error);
		const model::Value entry = {.text = spec.entry, .number = 0, .is_label = true};
		const auto set = [&](std::string_view reg, const model::Value &value) {
			return vcpu.set_reg(*abi::find(abi::core_registers, reg),
					    model::resolve(value, case_, i, guests_));
		};
		if (const auto a = set("pc", entry); !a.ok())
			return system_error(kvm::set_one_reg.name, a.error);
		for (const auto &[reg, value] : spec.regs)
			if (const auto a = set(reg, value); !a.ok())
				return system_error(kvm::set_one_reg.name, a.error);
	}
	return {};
}

void Executor::run()
{
	for (std::size_t i = 0; i < case_.steps.size() && !deadline_hit; i++) {
		shared_.step = static_cast<std::uint32_t>(i);
		Json line;
		line["case"] = case_.name;
		line["step"] = i;
		line["op"] = model::step_name(case_.steps[i]);
		std::visit([&](const auto &s) { step(s, line); }, case_.steps[i]);
		if (deadline_hit)
			line["deadline"] = true;
		channel_.emit(line);
	}
	for (unsigned i = 0; i < seats_.size(); i++)
		if (seats_[i]->started)
			kick(i);
}

void Executor::start(unsigned vcpu)
{
	Seat &seat = *seats_[vcpu];
	seat.done = false;
	seat.tid = 0;
	// the deadline is the main thread's to hear
	sigset_t blocked, before;
	sigemptyset(&blocked);
	sigaddset(&blocked, deadline_signal);
	pthread_sigmask(SIG_BLOCK, &blocked, &before);
	const int error = pthread_create(&seat.thread, nullptr, run_thread, &seat);
	pthread_sigmask(SIG_SETMASK, &before, nullptr);
	if (error != 0) {
		channel_.emit({{"case", case_.name}, {"trouble", system_error("pthread_create", error).what}});
		::_exit(1);
	}
	seat.started = true;
}

/// Whether the kernel has put the thread to sleep inside KVM_RUN.
bool Executor::is_asleep(const Seat &seat) const
{
	const int tid = seat.tid;
	if (tid == 0)
		return false;
	const std::string task = "/proc/self/task/" + std::to_string(tid);
	const auto stat = read_file(task + "/stat", 4096);
	if (!stat)
		return false;
	const auto name_end = stat->rfind(") ");
	if (name_end == std::string::npos || stat->at(name_end + 2) != 'S')
		return false;
	// "29 0x5 0xae80 ...": ioctl, the file, KVM_RUN. Not every kernel has the file.
	const auto call = read_file(task + "/syscall", 4096);
	char wanted[16];
	std::snprintf(wanted, sizeof(wanted), " 0x%lx ", kvm::run.number);
	return !call || call->find(wanted) != std::string::npos;
}

bool Executor::wait_asleep(unsigned vcpu)
{
	const Seat &seat = *seats_[vcpu];
	int times = 0;
	while (!seat.done && !deadline_hit) {
		times = is_asleep(seat) ? times + 1 : 0;
		if (times == 3)
			return true;
		doze();
	}
	return false;
}

void Executor::wait_progress(unsigned vcpu)
{
	const Seat &seat = *seats_[vcpu];
	const std::uint8_t *const counter = vms_[seat.vm]->ram().data() +
					    std::size_t{vcpu} * EXIT24_SLOT_SIZE + EXIT24_COUNTER_OFFSET;
	const std::uint64_t before = read_counter(counter);
	while (!deadline_hit && !seat.done && read_counter(counter) == before)
		doze();
}

void Executor::kick(unsigned vcpu)
{
	Seat &seat = *seats_[vcpu];
	// Again and again: the first may come before the thread is inside KVM_RUN. If the kernel does not let
	// go of it, the supervisor ends this process.
	while (!seat.done) {
		seat.vcpu->request_exit();
		pthread_kill(seat.thread, kick_signal);
		for (int i = 0; i < 5 && !seat.done; i++)
			doze();
	}
	pthread_join(seat.thread, nullptr);
	seat.started = false;
}

void Executor::put(Json &line, const kvm::Answer &answer, std::uint64_t ns) const
{
	line["rc"] = answer.rc;
	line["errno"] = answer.error;
	line["ns"] = ns;
}

void Executor::put_exit(Json &line, unsigned vcpu, const std::vector<std::uint64_t> &reports) const
{
	const kvm::Vcpu &v = *seats_[vcpu]->vcpu;
	line["page"] = encode_runs(v.page());
	Json &regs = line["regs"] = Json::object();
	for (const auto &reg : abi::core_registers) {
		std::uint64_t value = 0;
		if (v.get_reg(reg.value, value).ok() && value != 0)
			regs[std::string(reg.name)] = hex(value);
	}
	Json &states = line["mp_states"] = Json::array();
	for (const auto &seat : seats_) {
		std::uint64_t state = 0;
		if (!seat->started && seat->vcpu->get_mp_state(state).ok())
			states.push_back(state);
		else
			states.push_back(nullptr);
	}
	Json &values = line["reports"] = Json::array();
	for (const std::uint64_t value : reports)
		values.push_back(hex(value));
}

void Executor::step(const model::Run &s, Json &line)
{
	Seat &seat = *seats_[s.vcpu];
	if (s.until_asleep) {
		start(s.vcpu);
		const bool asleep = wait_asleep(s.vcpu);
		kick(s.vcpu);
		put(line, seat.answer, seat.ns);
		line["asleep"] = asleep;
		put_exit(line, s.vcpu, {});
		return;
	}
	std::vector<std::uint64_t> reports;
	const std::uint64_t start_ns = now_ns();
	kvm::Answer answer;
	running_in_main = seat.vcpu.get();
	do {
		answer = deadline_hit ? kvm::Answer{-1, EINTR} : seat.vcpu->run();
		std::uint64_t value = 0;
		if (!answer.ok() || !report_of(*seat.vcpu, value))
			break;
		reports.push_back(value);
	} while (reports.size() < s.reports);
	running_in_main = nullptr;
	put(line, answer, now_ns() - start_ns);
	put_exit(line, s.vcpu, reports);
}

void Executor::step(const model::Start &s, Json &line)
{
	start(s.vcpu);
	put(line, {}, 0);
}

void Executor::step(const model::Wait &s, Json &line)
{
	const std::uint64_t start_ns = now_ns();
	if (s.for_progress)
		wait_progress(s.vcpu);
	else
		line["asleep"] = wait_asleep(s.vcpu);
	put(line, {}, now_ns() - start_ns);
	line["returned"] = seats_[s.vcpu]->done.load();
}

void Executor::step(const model::Kick &s, Json &line)
{
	kick(s.vcpu);
	put(line, seats_[s.vcpu]->answer, seats_[s.vcpu]->ns);
	put_exit(line, s.vcpu, {});
}

void Executor::step(const model::GetMpState &s, Json &line)
{
	std::uint64_t state = 0;
	put(line, seats_[s.vcpu]->vcpu->get_mp_state(state), 0);
	line["value"] = hex(state);
}

void Executor::step(const model::SetMpState &s, Json &line)
{
	put(line, seats_[s.vcpu]->vcpu->set_mp_state(s.to), 0);
}

void Executor::step(const model::GetReg &s, Json &line)
{
	std::uint64_t value = 0;
	put(line, seats_[s.vcpu]->vcpu->get_reg(*abi::find(abi::core_registers, s.reg), value), 0);
	line["value"] = hex(value);
}

void Executor::step(const model::SetReg &s, Json &line)
{
	put(line,
	    seats_[s.vcpu]->vcpu->set_reg(*abi::find(abi::core_registers, s.reg),
					  model::resolve(s.to, case_, s.vcpu, guests_)),
	    0);
}

void Executor::step(const model::Init &s, Json &line)
{
	const auto &features = s.features ? *s.features : case_.vcpus[s.vcpu].features;
	Seat &seat = *seats_[s.vcpu];
	put(line, seat.vcpu->init(*vms_[seat.vm], feature_bits(features)), 0);
}

void Executor::step(const model::EnableCap &s, Json &line)
{
	put(line, vms_[s.vm]->enable(s.capability), 0);
}

} // namespace

bool report_of(const kvm::Vcpu &vcpu, std::uint64_t &value)
{
	const std::uint64_t address = vcpu.u64(abi::mmio_phys_addr_offset);
	value = vcpu.u64(abi::mmio_data_offset);
	return vcpu.u32(abi::exit_reason_offset) == abi::exit_mmio && vcpu.u32(abi::mmio_len_offset) == 8 &&
	       address >= EXIT24_REPORT_BASE && address < EXIT24_REPORT_BASE + 8 * EXIT24_REPORT_SLOTS;
}

std::uint32_t feature_bits(const std::vector<std::string> &features)
{
	std::uint32_t bits = 0;
	for (const std::string &feature : features)
		bits |= 1u << *abi::find(abi::vcpu_features, feature);
	return bits;
}

void execute(const model::Case &c, const model::Guests &guests, const kvm::Kvm &kvm, Channel &channel,
	     Shared &shared)
{
	set_handler(deadline_signal, on_deadline);
	set_handler(kick_signal, on_kick);
	Executor executor(c, guests, channel, shared);
	if (auto r = executor.set_up(kvm); !r) {
		channel.emit({{"case", c.name}, {"setup", r.error().what}, {"errno", r.error().code}});
		return;
	}
	executor.run();
}

} // namespace exit24::agent
