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

std::atomic<std::uint64_t> *asleep_ns; // all that this process has dozed

void doze()
{
	const timespec t = {0, poll_ns};
	const std::uint64_t start = now_ns();
	::nanosleep(&t, nullptr);
	*asleep_ns += now_ns() - start;
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

/// Leaves a signal pending for this thread, and tells KVM whether KVM_RUN blocks it.
void leave_signal(kvm::Vcpu &vcpu, model::Signal kind)
{
	sigset_t set, during;
	sigemptyset(&set);
	sigaddset(&set, kick_signal);
	pthread_sigmask(SIG_BLOCK, &set, nullptr);
	sigemptyset(&during);
	if (kind == model::Signal::blocked)
		sigaddset(&during, kick_signal);
	vcpu.set_signal_mask(&during);
	::raise(kick_signal);
}

/// Takes it back, if nobody has.
void take_signal(kvm::Vcpu &vcpu)
{
	vcpu.set_signal_mask(nullptr);
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, kick_signal);
	const timespec none = {0, 0};
	::sigtimedwait(&set, nullptr, &none);
	pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

/// GET_MP_STATE in a thread of its own: it sleeps while KVM_RUN is in progress.
struct Asker {
	kvm::Vcpu *vcpu;
	std::atomic<int> tid{0};
	std::atomic<bool> done{false};
	std::uint64_t state = 0;
	kvm::Answer answer;
};

void *ask_thread(void *argument)
{
	Asker &asker = *static_cast<Asker *>(argument);
	asker.tid = static_cast<int>(::syscall(SYS_gettid));
	asker.answer = asker.vcpu->get_mp_state(asker.state);
	asker.done = true;
	return nullptr;
}

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
	Executor(const model::Case &c, const model::Guests &guests, const kvm::Kvm &kvm, Channel &channel,
		 Slot &slot, unsigned round)
		: case_(c), guests_(guests), kvm_(kvm), channel_(channel), slot_(slot), round_(round)
	{
	}

	Result<void> set_up();
	void run();

private:
	Result<void> create(unsigned vcpu);
	Result<void> prepare(unsigned vcpu);
	void start(unsigned vcpu);
	bool wait_asleep(unsigned vcpu);
	void wait_progress(unsigned vcpu);
	void wait_exit(const model::Wait &s);
	void kick(unsigned vcpu);
	void make_thread(pthread_t &thread, void *(*function)(void *), void *argument);
	int fd_of(const model::Target &target) const;
	std::vector<std::uint8_t> lay_out(const std::vector<model::Field> &fields, const void *data) const;
	static bool is_asleep(int tid, unsigned long request, std::string_view states);

	void step(const model::Run &s, Line &line);
	void step(const model::Start &s, Line &line);
	void step(const model::Wait &s, Line &line);
	void step(const model::Kick &s, Line &line);
	void step(const model::GetMpState &s, Line &line);
	void step(const model::SetMpState &s, Line &line);
	void step(const model::GetReg &s, Line &line);
	void step(const model::SetReg &s, Line &line);
	void step(const model::Init &s, Line &line);
	void step(const model::EnableCap &s, Line &line);
	void step(const model::Calls &s, Line &line);
	void step(const model::Ioctl &s, Line &line);
	void step(const model::Create &s, Line &line);
	void step(const model::Page &s, Line &line);
	void step(const model::CountRegs &s, Line &line);

	void put(Line &line, const kvm::Answer &answer, std::uint64_t ns) const;
	void put_exit(Line &line, unsigned vcpu, const std::vector<std::uint64_t> &reports) const;

	const model::Case &case_;
	const model::Guests &guests_;
	const kvm::Kvm &kvm_;
	Channel &channel_;
	Slot &slot_;
	Line line_;
	unsigned round_;
	std::vector<std::unique_ptr<kvm::Vm>> vms_;
	std::vector<std::unique_ptr<Seat>> seats_; // destroyed before the VMs
};

Result<void> Executor::create(unsigned i)
{
	const model::VcpuSpec &spec = case_.vcpus[i];
	unsigned id = 0; // the next of its VM
	for (unsigned other = 0; other < i; other++)
		id += case_.vcpus[other].vm == spec.vm;
	auto vcpu = kvm::Vcpu::create(kvm_, *vms_[spec.vm], spec.id.value_or(id));
	if (!vcpu)
		return vcpu.error();
	seats_[i]->vcpu = std::make_unique<kvm::Vcpu>(std::move(*vcpu));
	return {};
}

/// KVM_ARM_VCPU_INIT, then the pc and the registers of the case.
Result<void> Executor::prepare(unsigned i)
{
	const model::VcpuSpec &spec = case_.vcpus[i];
	kvm::Vcpu &vcpu = *seats_[i]->vcpu;
	if (const auto a = vcpu.init(*vms_[spec.vm], feature_bits(spec.features)); !a.ok())
		return system_error(kvm::vcpu_init.name, a.error);
	const model::Value entry = {.text = spec.entry, .number = 0, .label = spec.entry};
	const auto set = [&](std::string_view reg, const model::Value &value) {
		return vcpu.set_reg(*abi::register_id(reg), model::resolve(value, case_, i, guests_));
	};
	if (const auto a = set("pc", entry); !a.ok())
		return system_error(kvm::set_one_reg.name, a.error);
	for (const auto &[reg, value] : spec.regs)
		if (const auto a = set(reg, value); !a.ok())
			return system_error(std::string(kvm::set_one_reg.name) + " " + reg, a.error);
	return {};
}

Result<void> Executor::set_up()
{
	for (const model::VmSpec &spec : case_.vms) {
		auto vm = kvm::Vm::create(kvm_, case_.vcpus.size() * EXIT24_SLOT_SIZE,
					  spec.is_protected ? kvm::protected_vm : 0);
		if (!vm)
			return vm.error();
		if (spec.gic != "none")
			if (auto r = vm->create_gic(spec.gic == "v3" ? 3 : 2); !r)
				return r;
		vms_.push_back(std::make_unique<kvm::Vm>(std::move(*vm)));
	}
	for (unsigned i = 0; i < case_.vcpus.size(); i++) {
		const model::VcpuSpec &spec = case_.vcpus[i];
		seats_.push_back(std::make_unique<Seat>());
		seats_[i]->vm = spec.vm;
		const model::Guest &guest = guests_.at(spec.guest);
		std::memcpy(vms_[spec.vm]->ram().data() + std::size_t{i} * EXIT24_SLOT_SIZE, guest.code.data(),
			    guest.code.size());
		if (!spec.late)
			if (auto r = create(i); !r)
				return r;
	}
	for (unsigned i = 0; i < case_.vcpus.size(); i++)
		if (!case_.vcpus[i].late && case_.vcpus[i].init)
			if (auto r = prepare(i); !r)
				return r;
	for (std::size_t m = 0; m < vms_.size(); m++)
		if (case_.vms[m].gic != "none")
			if (auto r = vms_[m]->init_gic(); !r)
				return r;
	return {};
}

void Executor::run()
{
	for (std::size_t i = 0; i < case_.steps.size() && !deadline_hit; i++) {
		slot_.step = static_cast<std::uint32_t>(i);
		Line &line = line_;
		line.clear();
		line["case"] = case_.name;
		if (case_.rounds > 1)
			line["round"] = round_;
		line["step"] = i;
		line["op"] = model::step_name(case_.steps[i]);
		std::visit([&](const auto &s) { step(s, line); }, case_.steps[i]);
		if (deadline_hit)
			line["deadline"] = true;
		if (line.overflowed())
			channel_.emit({{"case", case_.name}, {"trouble", "the line of a step would be longer than 1 MiB"}});
		else
			channel_.emit(line);
	}
	for (unsigned i = 0; i < seats_.size(); i++)
		if (seats_[i]->started)
			kick(i);
}

/// The deadline is the main thread's to hear, so others block its signal.
void Executor::make_thread(pthread_t &thread, void *(*function)(void *), void *argument)
{
	sigset_t blocked, before;
	sigemptyset(&blocked);
	sigaddset(&blocked, deadline_signal);
	pthread_sigmask(SIG_BLOCK, &blocked, &before);
	const int error = pthread_create(&thread, nullptr, function, argument);
	pthread_sigmask(SIG_SETMASK, &before, nullptr);
	if (error != 0) {
		channel_.emit({{"case", case_.name}, {"trouble", system_error("pthread_create", error).what}});
		::_exit(1);
	}
}

void Executor::start(unsigned vcpu)
{
	Seat &seat = *seats_[vcpu];
	seat.done = false;
	seat.tid = 0;
	make_thread(seat.thread, run_thread, &seat);
	seat.started = true;
}

/// Whether the kernel has put a thread to sleep inside an ioctl; `states` are those of /proc/PID/stat.
bool Executor::is_asleep(int tid, unsigned long request, std::string_view states)
{
	if (tid == 0)
		return false;
	const std::string task = "/proc/self/task/" + std::to_string(tid);
	const auto stat = read_file(task + "/stat", 4096);
	if (!stat)
		return false;
	const auto name_end = stat->rfind(") ");
	if (name_end == std::string::npos || states.find(stat->at(name_end + 2)) == std::string::npos)
		return false;
	// "29 0x5 0xae80 ...": ioctl, the file, KVM_RUN. Not every kernel has the file.
	const auto call = read_file(task + "/syscall", 4096);
	char wanted[16];
	std::snprintf(wanted, sizeof(wanted), " 0x%lx ", request);
	return !call || call->find(wanted) != std::string::npos;
}

bool Executor::wait_asleep(unsigned vcpu)
{
	const Seat &seat = *seats_[vcpu];
	int times = 0;
	while (!seat.done && !deadline_hit) {
		times = is_asleep(seat.tid, kvm::run.number, "S") ? times + 1 : 0;
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

void Executor::wait_exit(const model::Wait &s)
{
	const auto any = [&] {
		bool done = seats_[s.vcpu]->done;
		for (const unsigned other : s.or_vcpus)
			done = done || seats_[other]->done;
		return done;
	};
	while (!deadline_hit && !any())
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

void Executor::put(Line &line, const kvm::Answer &answer, std::uint64_t ns) const
{
	line["rc"] = answer.rc;
	line["errno"] = answer.error;
	line["ns"] = ns;
}

void Executor::put_exit(Line &line, unsigned vcpu, const std::vector<std::uint64_t> &reports) const
{
	const kvm::Vcpu &v = *seats_[vcpu]->vcpu;
	line["page"].runs(v.page());
	line["regs"].object();
	for (const auto &reg : abi::core_registers) {
		std::uint64_t value = 0;
		if (v.get_reg(reg.value, value).ok() && value != 0)
			line[reg.name].hex(value);
	}
	line.close();
	line["mp_states"].array();
	for (const auto &seat : seats_) {
		std::uint64_t state = 0;
		if (!seat->started && seat->vcpu && seat->vcpu->get_mp_state(state).ok())
			line.item() = state;
		else
			line.item() = nullptr;
	}
	line.close();
	line["reports"].array();
	for (const std::uint64_t value : reports)
		line.item().hex(value);
	line.close();
}

void Executor::step(const model::Run &s, Line &line)
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
	if (s.signal != model::Signal::none)
		leave_signal(*seat.vcpu, s.signal);
	kvm::Answer answer;
	running_in_main = seat.vcpu.get();
	do {
		answer = deadline_hit ? kvm::Answer{-1, EINTR} : seat.vcpu->run(s.immediate_exit);
		std::uint64_t value = 0;
		if (!answer.ok() || !report_of(*seat.vcpu, value))
			break;
		reports.push_back(value);
	} while (reports.size() < s.reports);
	running_in_main = nullptr;
	put(line, answer, now_ns() - start_ns);
	if (s.signal != model::Signal::none)
		take_signal(*seat.vcpu);
	put_exit(line, s.vcpu, reports);
}

void Executor::step(const model::Start &s, Line &line)
{
	start(s.vcpu);
	put(line, {}, 0);
}

void Executor::step(const model::Wait &s, Line &line)
{
	const std::uint64_t start_ns = now_ns();
	if (s.what == model::WaitFor::progress)
		wait_progress(s.vcpu);
	else if (s.what != model::WaitFor::exit)
		line["asleep"] = wait_asleep(s.vcpu);
	else
		wait_exit(s);
	put(line, {}, now_ns() - start_ns);
	line["returned"] = seats_[s.vcpu]->done.load();
}

void Executor::step(const model::Kick &s, Line &line)
{
	kick(s.vcpu);
	put(line, seats_[s.vcpu]->answer, seats_[s.vcpu]->ns);
	put_exit(line, s.vcpu, {});
}

void Executor::step(const model::GetMpState &s, Line &line)
{
	Seat &seat = *seats_[s.vcpu];
	if (!s.until_kick) {
		std::uint64_t state = 0;
		put(line, seat.vcpu->get_mp_state(state), 0);
		line["value"].hex(state);
		return;
	}
	Asker asker;
	asker.vcpu = seat.vcpu.get();
	pthread_t thread;
	make_thread(thread, ask_thread, &asker);
	int times = 0;
	while (!asker.done && !deadline_hit && times < 3) {
		times = is_asleep(asker.tid, kvm::get_mp_state.number, "SD") ? times + 1 : 0;
		doze();
	}
	kick(s.vcpu);
	pthread_join(thread, nullptr);
	put(line, asker.answer, 0);
	line["value"].hex(asker.state);
	line["asleep"] = times == 3;
}

void Executor::step(const model::SetMpState &s, Line &line)
{
	put(line, seats_[s.vcpu]->vcpu->set_mp_state(s.to), 0);
}

void Executor::step(const model::GetReg &s, Line &line)
{
	std::uint64_t value = 0;
	put(line, seats_[s.vcpu]->vcpu->get_reg(*abi::register_id(s.reg), value), 0);
	line["value"].hex(value);
}

void Executor::step(const model::SetReg &s, Line &line)
{
	put(line,
	    seats_[s.vcpu]->vcpu->set_reg(*abi::register_id(s.reg),
					  model::resolve(s.to, case_, s.vcpu, guests_)),
	    0);
}

void Executor::step(const model::Init &s, Line &line)
{
	const auto &features = s.features ? *s.features : case_.vcpus[s.vcpu].features;
	Seat &seat = *seats_[s.vcpu];
	put(line, seat.vcpu->init(*vms_[seat.vm], feature_bits(features)), 0);
}

void Executor::step(const model::EnableCap &s, Line &line)
{
	put(line, vms_[s.vm]->enable(s.capability), 0);
}

void Executor::step(const model::Calls &s, Line &line)
{
	kvm::Vcpu &vcpu = *seats_[s.vcpu]->vcpu;
	const auto set = [&](const char *reg, std::uint64_t value) {
		(void)vcpu.set_reg(*abi::find(abi::core_registers, reg), value);
	};
	const std::uint64_t entry = model::resolve({.text = {}, .number = 0, .label = case_.vcpus[s.vcpu].entry}, case_,
						   s.vcpu, guests_);
	Json rows = Json::array(); // one for each run of calls with the same outcome
	kvm::Answer answer;
	std::uint32_t exit_reason = abi::exit_mmio;
	const std::uint64_t start_ns = now_ns();
	for (const model::Calls::Row &row : s.rows) {
		for (std::uint64_t n = 0; n <= row.last - row.first && exit_reason == abi::exit_mmio && answer.ok(); n++) {
			const std::uint64_t id = row.first + n;
			set("pc", entry);
			set("x0", id);
			static constexpr const char *names[] = {"x1", "x2", "x3"};
			for (std::size_t i = 0; i < row.args.size(); i++)
				set(names[i], model::resolve(row.args[i], case_, s.vcpu, guests_));
			Json reports = Json::array();
			running_in_main = &vcpu;
			std::uint64_t value = 0;
			do {
				answer = deadline_hit ? kvm::Answer{-1, EINTR} : vcpu.run();
				if (!answer.ok() || !report_of(vcpu, value))
					break;
				reports.push_back(hex(value));
			} while (reports.size() < 4);
			running_in_main = nullptr;
			exit_reason = vcpu.u32(abi::exit_reason_offset);
			Json outcome = {{"errno", answer.error}, {"exit", exit_reason}, {"reports", reports}};
			if (!rows.empty() && rows.back()["outcome"] == outcome && rows.back()["last"] == hex(id - 1))
				rows.back()["last"] = hex(id);
			else
				rows.push_back({{"first", hex(id)}, {"last", hex(id)}, {"outcome", outcome}});
		}
	}
	line["calls"] = rows;
	put(line, answer, now_ns() - start_ns);
}

int Executor::fd_of(const model::Target &target) const
{
	switch (target.kind) {
	case model::Target::kvm:
		return kvm_.fd();
	case model::Target::vm:
		return vms_[target.number]->fd();
	case model::Target::vcpu:
		return seats_[target.number]->vcpu ? seats_[target.number]->vcpu->fd() : -1;
	case model::Target::gic:
		return vms_[target.number]->gic_fd();
	}
	return -1;
}

/// The fields one behind the other, each at its own alignment, as a C compiler lays them out.
std::vector<std::uint8_t> Executor::lay_out(const std::vector<model::Field> &fields, const void *data) const
{
	std::vector<std::uint8_t> bytes;
	for (const model::Field &field : fields) {
		std::uint64_t value = field.value;
		if (field.kind == model::Field::data_address) {
			value = reinterpret_cast<std::uintptr_t>(data);
		} else if (field.kind == model::Field::preferred_target) {
			kvm_vcpu_init target = {};
			(void)kvm::call(vms_.front()->fd(), kvm::preferred_target, target);
			value = target.target;
		}
		bytes.resize((bytes.size() + field.size - 1) / field.size * field.size);
		const auto *begin = reinterpret_cast<const std::uint8_t *>(&value);
		bytes.insert(bytes.end(), begin, begin + field.size);
	}
	return bytes;
}

void Executor::step(const model::Ioctl &s, Line &line)
{
	const unsigned long request = *abi::find(abi::ioctls, s.name);
	const int fd = fd_of(s.of);
	if (s.number) {
		put(line, kvm::call(fd, {request, s.name.c_str()}, *s.number), 0);
		return;
	}
	std::vector<std::uint8_t> data = lay_out(s.data, nullptr);
	const std::size_t data_size = data.size();
	data.resize(std::max<std::size_t>(data_size, 64));
	std::vector<std::uint8_t> argument = lay_out(s.fields, data.data());
	argument.resize(std::max<std::size_t>(argument.size(), _IOC_SIZE(request)));
	put(line, kvm::call_raw(fd, request, argument.data()), 0);
	const std::vector<std::uint8_t> &result = s.data.empty() ? argument : data;
	line["result"].runs({result.data(), s.data.empty() ? result.size() : data_size});
}

void Executor::step(const model::Create &s, Line &line)
{
	const auto created = create(s.vcpu);
	int error = created ? 0 : created.error().code;
	if (created && case_.vcpus[s.vcpu].init)
		if (auto r = prepare(s.vcpu); !r)
			error = r.error().code;
	put(line, {error ? -1 : 0, error}, 0);
}

void Executor::step(const model::Page &s, Line &line)
{
	kvm::Vcpu &vcpu = *seats_[s.vcpu]->vcpu;
	vcpu.look();
	put(line, {}, 0);
	line["bytes"].runs(vcpu.page());
}

void Executor::step(const model::CountRegs &s, Line &line)
{
	std::vector<std::uint64_t> list(4096); // struct kvm_reg_list: the number, then the ids
	list[0] = list.size() - 1;
	const kvm::Answer answer = kvm::call_raw(seats_[s.vcpu]->vcpu->fd(), KVM_GET_REG_LIST, list.data());
	put(line, answer, 0);
	line["registers"].array();
	for (std::uint64_t i = 0; answer.ok() && i < std::min<std::uint64_t>(list[0], list.size() - 1); i++)
		if ((list[i + 1] & s.mask) == s.match)
			line.item().hex(list[i + 1]);
	line.close();
}

} // namespace

bool report_of(const kvm::Vcpu &vcpu, std::uint64_t &value)
{
	const std::uint64_t address = vcpu.u64(abi::mmio_phys_addr_offset);
	const std::uint32_t length = vcpu.u32(abi::mmio_len_offset);
	value = length == 8 ? vcpu.u64(abi::mmio_data_offset) : vcpu.u32(abi::mmio_data_offset);
	return vcpu.u32(abi::exit_reason_offset) == abi::exit_mmio && (length == 8 || length == 4) &&
	       address >= EXIT24_REPORT_BASE && address < EXIT24_REPORT_BASE + 8 * EXIT24_REPORT_SLOTS;
}

std::uint32_t feature_bits(const std::vector<std::string> &features)
{
	std::uint32_t bits = 0;
	for (const std::string &feature : features)
		bits |= 1u << *abi::find(abi::vcpu_features, feature);
	return bits;
}

void prepare_signals()
{
	set_handler(deadline_signal, on_deadline);
	set_handler(kick_signal, on_kick);
}

void execute(const model::Case &c, const model::Guests &guests, const kvm::Kvm &kvm, Channel &channel, Slot &slot)
{
	asleep_ns = &slot.asleep_ns;
	for (unsigned round = 0; round < c.rounds && !deadline_hit; round++) {
		auto executor = std::make_unique<Executor>(c, guests, kvm, channel, slot, round);
		if (auto r = executor->set_up(); !r) {
			channel.emit({{"case", c.name}, {"setup", r.error().what}, {"errno", r.error().code}});
			return;
		}
		executor->run();
		slot.closing = true;
		executor.reset();
		slot.closing = round + 1 == c.rounds;
	}
}

} // namespace exit24::agent
