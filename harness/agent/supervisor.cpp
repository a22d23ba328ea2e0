// SPDX-License-Identifier: GPL-2.0-only
#include "agent/supervisor.hpp"

#include "agent/executor.hpp"
#include "base/file.hpp"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <signal.h>
#include <sys/wait.h>

namespace exit24::agent {

using model::Json;

namespace {

constexpr int warning_level = 4;
constexpr unsigned grace_ms = 300;

std::uint64_t now_ns()
{
	timespec t;
	::clock_gettime(CLOCK_MONOTONIC, &t);
	return static_cast<std::uint64_t>(t.tv_sec) * 1000000000 + static_cast<std::uint64_t>(t.tv_nsec);
}

/// Waits until the child has ended, at most `ms` milliseconds. SIGCHLD is blocked.
bool wait_for_end(pid_t child, unsigned ms, int &status)
{
	const std::uint64_t end = now_ns() + std::uint64_t{ms} * 1000000;
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	for (;;) {
		if (::waitpid(child, &status, WNOHANG) == child)
			return true;
		const std::uint64_t now = now_ns();
		if (now >= end)
			return false;
		const timespec left = {static_cast<time_t>((end - now) / 1000000000),
				       static_cast<long>((end - now) % 1000000000)};
		::sigtimedwait(&set, nullptr, &left);
	}
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

void Supervisor::report_hang(const model::Case &c, pid_t child)
{
	Json hang = diagnose(child);
	hang["step"] = shared_.step.load();
	hang["deadline_ms"] = c.deadline_ms;
	channel_.emit({{"case", c.name}, {"hang", hang}});
}

Supervisor::Ended Supervisor::watch(const model::Case &c, pid_t child)
{
	int status = 0;
	if (!wait_for_end(child, c.deadline_ms, status)) {
		report_hang(c, child);
		// It answers with a last line and its registers, if KVM_RUN lets go of it.
		::kill(child, deadline_signal);
		if (wait_for_end(child, grace_ms, status))
			return hung;
		::kill(child, SIGKILL);
		if (wait_for_end(child, grace_ms, status))
			return hung;
		channel_.emit({{"case", c.name}, {"trouble", "its process does not die of SIGKILL; it is left behind"}});
		return left_behind;
	}
	if (WIFSIGNALED(status))
		channel_.emit({{"case", c.name},
			       {"trouble", "the process of the case was ended by signal " +
						   std::to_string(WTERMSIG(status)) + " (" +
						   ::strsignal(WTERMSIG(status)) + ")"}});
	return well;
}

/// An Error if the file, which must be there, does not take the word.
static Result<void> apply(const model::Setting &set)
{
	UniqueFd fd(::open(set.file.c_str(), O_WRONLY | O_CLOEXEC));
	if (!fd.valid() || ::write(fd.get(), set.text.data(), set.text.size()) < 0)
		return system_error("cannot write \"" + set.text + "\" to " + set.file, errno);
	return {};
}

Supervisor::Ended Supervisor::run(const model::Plan::Item &item)
{
	const model::Case &c = item.c;
	Ended ended = well;
	channel_.emit({{"case", c.name}, {"begin", true}});
	const std::uint64_t start = now_ns();
	const auto lacks = model::missing(c.requires_, hello_);
	const auto applied = item.set ? apply(*item.set) : Result<void>();
	if (!applied) {
		channel_.emit({{"case", c.name}, {"trouble", applied.error().what}});
	} else if (lacks.empty()) {
		shared_.step = 0;
		const pid_t child = ::fork();
		if (child == 0) {
			execute(c, plan_.guests, kvm_, channel_, shared_);
			::_exit(0);
		}
		if (child < 0)
			channel_.emit({{"case", c.name}, {"trouble", system_error("fork", errno).what}});
		else
			ended = watch(c, child);
	}
	Json end = {{"case", c.name}, {"end", true}, {"ns", now_ns() - start}};
	if (!lacks.empty())
		end["lacks"] = lacks;
	if (const auto log = log_.take(warning_level); !log.empty())
		end["kernel_log"] = log;
	channel_.emit(end);
	return ended;
}

} // namespace exit24::agent
