// SPDX-License-Identifier: GPL-2.0-only
#include "agent/supervisor.hpp"

#include "base/file.hpp"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sched.h>
#include <signal.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <unistd.h>

namespace exit24::agent {

using model::Json;

namespace {

constexpr int warning_level = 4;
constexpr unsigned grace_ms = 300;
constexpr unsigned closing_ms = 10000;
constexpr std::uint64_t ns_per_s = 1000000000, ns_per_ms = 1000000;

std::uint64_t now_ns()
{
	timespec t;
	::clock_gettime(CLOCK_MONOTONIC, &t);
	return static_cast<std::uint64_t>(t.tv_sec) * ns_per_s + static_cast<std::uint64_t>(t.tv_nsec);
}

std::vector<std::string> names_in(const std::string &directory)
{
	std::vector<std::string> names;
	const std::unique_ptr<DIR, int (*)(DIR *)> dir(::opendir(directory.c_str()), ::closedir);
	while (const dirent *entry = dir ? ::readdir(dir.get()) : nullptr)
		if (entry->d_name[0] != '.')
			names.emplace_back(entry->d_name);
	std::sort(names.begin(), names.end());
	return names;
}

/// What a small file of /proc or debugfs holds; these may block or fail, but never wait for long.
std::string content(const std::string &path)
{
	UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
	char buffer[4096];
	const ssize_t n = fd.valid() ? ::read(fd.get(), buffer, sizeof(buffer)) : -1;
	return n > 0 ? std::string(buffer, static_cast<std::size_t>(n)) : std::string();
}

void counters(Json &out, const std::string &directory, int depth)
{
	for (const std::string &name : names_in(directory)) {
		const std::string path = directory + "/" + name;
		const std::string text = content(path);
		if (text.empty() && depth > 0)
			counters(out, path, depth - 1);
		else if (text.size() < 24 && text.find_first_not_of("0123456789\n") == std::string::npos &&
			 std::atoll(text.c_str()) != 0)
			out[name] = out.value(name, 0ll) + std::atoll(text.c_str());
	}
}

} // namespace

Json diagnose(pid_t process)
{
	Json out;
	Json &threads = out["threads"] = Json::array();
	const std::string tasks = "/proc/" + std::to_string(process) + "/task";
	for (const std::string &tid : names_in(tasks)) {
		const std::string task = tasks + "/" + tid;
		Json thread;
		const std::string stat = content(task + "/stat");
		const auto name_end = stat.rfind(") ");
		thread["state"] = name_end == std::string::npos ? "?" : stat.substr(name_end + 2, 1);
		thread["wchan"] = content(task + "/wchan");
		Json &stack = thread["stack"] = Json::array();
		std::string lines = content(task + "/stack");
		for (std::size_t end; (end = lines.find('\n')) != std::string::npos; lines.erase(0, end + 1)) {
			// "[<0>] function+0x10/0x20"
			const auto at = lines.find("] ");
			stack.push_back(at < end ? lines.substr(at + 2, end - at - 2) : lines.substr(0, end));
		}
		threads.push_back(thread);
	}
	const std::string debugfs = "/sys/kernel/debug/kvm";
	Json &kvm = out["kvm"] = Json::object();
	for (const std::string &name : names_in(debugfs))
		if (name.starts_with(std::to_string(process) + "-"))
			counters(kvm, debugfs + "/" + name, 1);
	return out;
}

Supervisor::Supervisor(const kvm::Kvm &kvm, const model::Plan &plan, const model::Hello &hello, Channel &channel,
		       Slot *slot, KernelLog &log, const Fault &fault, Teller *teller)
	: kvm_(kvm), plan_(plan), hello_(hello), channel_(channel), slots_(slot), log_(log), fault_(fault),
	  teller_(teller)
{
	for (unsigned i = slots; i-- > 0;)
		free_slots_.push_back(i);
	running_.reserve(slots);
	hosts_.resize(slots);
}

/// In a lab only, for tests; see Fault.
void Supervisor::inject(const model::Case &c)
{
	if (fault_.kind == "torn" || fault_.kind == "linger")
		return; // the process of the case does that
	line_.clear();
	line_["case"] = c.name;
	line_["begin"] = true;
	channel_.emit(line_);
	if (teller_)
		teller_->flush();
	if (fault_.kind == "panic")
		(void)!::write(::open("/proc/sysrq-trigger", O_WRONLY), "c", 1); // not write_file, which makes a new file
	else if (fault_.kind == "poweroff")
		::reboot(RB_POWER_OFF);
	else if (fault_.kind == "exit")
		::_exit(1);
	else if (fault_.kind == "silence")
		for (;;)
			::pause();
}

/// An Error if the file, which must be there, does not take the word.
static Result<void> apply(const model::Setting &set)
{
	UniqueFd fd(::open(set.file.c_str(), O_WRONLY | O_CLOEXEC));
	if (!fd.valid() || ::write(fd.get(), set.text.data(), set.text.size()) < 0)
		return system_error("cannot write \"" + set.text + "\" to " + set.file, errno);
	return {};
}

void Supervisor::begin(const model::Plan::Item &item)
{
	const model::Case &c = item.c;
	const bool at_fault = c.name == fault_.name;
	if (at_fault)
		inject(c);
	line_.clear();
	line_["case"] = c.name;
	line_["begin"] = true;
	const std::uint64_t start_ns = now_ns();
	if (const auto lacks = model::missing(c.requires_, hello_); !lacks.empty()) {
		channel_.hold(line_);
		end(c, start_ns, nullptr, lacks);
		return;
	}
	channel_.emit(line_);
	if (teller_)
		teller_->flush(); // so that it is known which case was running if the kernel dies
	if (const auto applied = item.set ? apply(*item.set) : Result<void>(); !applied) {
		trouble(c, applied.error().what);
		end(c, start_ns, nullptr, {});
		return;
	}
	const unsigned slot = free_slots_.back();
	slots_[slot].step = 0;
	slots_[slot].asleep_ns = 0;
	slots_[slot].closing = false;
	if (!hosts_[slot]) {
		auto host = Host::create([this, slot](const void *what) {
			work(*static_cast<const model::Plan::Item *>(what), slot);
		});
		if (!host) {
			trouble(c, host.error().what);
			end(c, start_ns, nullptr, {});
			return;
		}
		hosts_[slot] = std::move(*host);
	}
	hosts_[slot]->start(&item);
	free_slots_.pop_back();
	running_.push_back({&item, slot, start_ns, start_ns + c.deadline_ms * ns_per_ms, Running::at_work});
}

void Supervisor::work(const model::Plan::Item &item, unsigned slot)
{
	const bool at_fault = item.c.name == fault_.name;
	if (at_fault && fault_.kind == "torn" && &item != plan_.cases.data()) // which it is when it is run again
		channel_.tear_next();
	execute(item.c, plan_.guests, kvm_, channel_, slots_[slot]);
	if (at_fault && fault_.kind == "linger")
		::sleep(closing_ms / 2000);
}

void Supervisor::end(const model::Case &c, std::uint64_t start_ns, const Slot *slot,
		     const std::vector<std::string> &lacks)
{
	if (plan_.wanted.each && lacks.empty())
		send_files(plan_.wanted, channel_, c.name);
	line_.clear();
	line_["case"] = c.name;
	line_["end"] = true;
	line_["ns"] = now_ns() - start_ns;
	if (slot && slot->asleep_ns > 0)
		line_["asleep_ns"] = slot->asleep_ns.load();
	if (!lacks.empty())
		line_["lacks"] = model::Json(lacks);
	if (const auto log = log_.take(warning_level); !log.empty())
		line_["kernel_log"] = model::Json(log);
	if (more_ && !teller_)
		channel_.hold(line_);
	else
		channel_.emit(line_);
	if (teller_)
		teller_->ended(c.name, trouble_);
	trouble_.clear();
}

void Supervisor::trouble(const model::Case &c, const std::string &what)
{
	channel_.emit({{"case", c.name}, {"trouble", what}});
	trouble_ = what;
}

void Supervisor::report_hang(const Running &r)
{
	Json hang = diagnose(hosts_[r.slot]->process());
	hang["step"] = slots_[r.slot].step.load();
	hang["deadline_ms"] = r.item->c.deadline_ms;
	channel_.emit({{"case", r.item->c.name}, {"hang", hang}});
}

bool Supervisor::overdue(Running &r)
{
	r.until_ns = now_ns() + grace_ms * ns_per_ms;
	switch (r.state) {
	case Running::at_work:
		if (slots_[r.slot].closing) {
			r.until_ns = now_ns() + closing_ms * ns_per_ms;
			r.state = Running::closing;
			return true;
		}
		[[fallthrough]];
	case Running::closing:
		hung_ = r.item->set;
		report_hang(r);
		// It answers with a last line and its registers, if KVM_RUN lets go of it.
		::kill(hosts_[r.slot]->process(), deadline_signal);
		r.state = Running::told;
		return true;
	case Running::told:
		::kill(hosts_[r.slot]->process(), SIGKILL);
		r.state = Running::killed;
		return true;
	case Running::killed:
		break;
	}
	stop_ = stop_ || r.item->set;
	trouble(r.item->c, "its process does not die of SIGKILL; it is left behind");
	return false;
}

void Supervisor::ended(const Running &r, int status)
{
	std::unique_ptr<Host> &host = hosts_[r.slot];
	if (r.state < Running::told && WIFSIGNALED(status))
		trouble(r.item->c, "the process of the case was ended by signal " + std::to_string(WTERMSIG(status)) + " (" +
					   ::strsignal(WTERMSIG(status)) + ")");
	else if (host->process() == host->pid())
		trouble(r.item->c, system_error("clone", WIFEXITED(status) ? WEXITSTATUS(status) : 0).what);
	if (r.state >= Running::told || status != 0)
		host.reset();
}

/// Until a case has ended, or the time of one is over.
void Supervisor::wait()
{
	std::uint64_t until_ns = UINT64_MAX;
	for (const Running &r : running_)
		until_ns = std::min(until_ns, r.until_ns);
	const std::uint64_t now = now_ns();
	if (now < until_ns) {
		sigset_t set;
		sigemptyset(&set);
		sigaddset(&set, SIGCHLD); // which is blocked, so none is missed
		const timespec left = {static_cast<time_t>((until_ns - now) / ns_per_s),
				       static_cast<long>((until_ns - now) % ns_per_s)};
		::sigtimedwait(&set, nullptr, &left);
	}
	int status = 0;
	for (pid_t pid; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) { // perhaps of one that was left behind
		const auto r = std::find_if(running_.begin(), running_.end(), [&](const Running &running) {
			return hosts_[running.slot]->process() == pid;
		});
		if (r == running_.end())
			continue;
		ended(*r, status);
		free_slots_.push_back(r->slot);
		remove(r);
	}
	for (std::size_t i = running_.size(); i-- > 0;)
		if (now_ns() >= running_[i].until_ns && !overdue(running_[i]))
			remove(running_.begin() + static_cast<std::ptrdiff_t>(i));
}

void Supervisor::remove(std::vector<Running>::iterator at)
{
	const Running r = *at;
	running_.erase(at);
	end(r.item->c, r.start_ns, &slots_[r.slot], {});
}

void Supervisor::run(const Items &items, std::size_t at_a_time)
{
	for (std::size_t next = 0; next < items.size() || !running_.empty();) {
		while (next < items.size() && (stop_ || (items[next]->set && items[next]->set == hung_)))
			next++;
		if (next < items.size() && running_.size() < at_a_time && !free_slots_.empty()) {
			more_ = ++next < items.size() && running_.size() + 1 < at_a_time;
			begin(*items[next - 1]);
		} else if (!running_.empty()) {
			more_ = next < items.size() && !free_slots_.empty() && !items[next]->set;
			wait();
		} else {
			return;
		}
	}
}

void Supervisor::run()
{
	Items alone, others;
	bool in_order = false;
	for (const model::Plan::Item &item : plan_.cases) {
		in_order = in_order || item.set;
		(plan_.alone.contains(item.c.name) && !in_order ? alone : others).push_back(&item);
	}
	cpu_set_t set;
	const int processors = ::sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
	run(alone, 1);
	run(others, in_order ? 1 : std::min<std::size_t>(static_cast<std::size_t>(processors), slots / 2));
}

} // namespace exit24::agent
