// SPDX-License-Identifier: GPL-2.0-only
#include "machine/process.hpp"

#include "base/file.hpp"
#include "machine/scratch.hpp"

// The only place for Boost.Process: it takes long to compile. Arguments are strings, since its own search in
// PATH and its filesystem paths need boost_filesystem to link.
#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/extend.hpp>
#include <boost/process/group.hpp>
#include <boost/process/io.hpp>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace bp = boost::process;

namespace exit24::machine {

static std::atomic<bool> interrupt_flag;

void interrupt()
{
	interrupt_flag = true;
}

bool interrupted()
{
	return interrupt_flag;
}

struct Process::Impl {
	bp::group group;
	bp::child child;
};

Process::Process(std::unique_ptr<Impl> impl) : impl_(std::move(impl))
{
}

Process::Process(Process &&) noexcept = default;
Process &Process::operator=(Process &&) noexcept = default;

Process::~Process()
{
	if (impl_)
		kill();
}

/// It dies with us, too: with the thread that starts it, which is the one that waits for it.
Result<Process> Process::start(const Command &command, const std::string &log)
{
	std::vector<char *> environment;
	if (command.environment)
		for (const std::string &variable : *command.environment)
			environment.push_back(const_cast<char *>(variable.c_str()));
	environment.push_back(nullptr);
	const auto set_up = [&](auto &executor) {
		if (command.environment)
			executor.env = environment.data();
	};
	const auto in_the_child = [&](auto &) {
		::prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (!command.directory.empty() && ::chdir(command.directory.c_str()) != 0)
			::_exit(127);
	};
	const std::unique_ptr<FILE, int (*)(FILE *)> file(std::fopen(log.c_str(), "we"), std::fclose);
	if (!file)
		return system_error("cannot write " + log, errno);
	auto impl = std::make_unique<Impl>();
	std::error_code error;
	impl->child = bp::child(bp::exe = command.program, bp::args = command.arguments, bp::std_in.close(),
				(bp::std_out & bp::std_err) > file.get(), impl->group,
				bp::extend::on_setup = set_up, bp::extend::on_exec_setup = in_the_child, error);
	if (error)
		return Error{"cannot start " + command.program + ": " + error.message(), error.value()};
	return Process(std::move(impl));
}

bool Process::running()
{
	std::error_code error;
	return impl_->child.running(error);
}

void Process::kill()
{
	constexpr auto grace = std::chrono::seconds(10);
	std::error_code error;
	if (impl_->child.running(error))
		impl_->group.terminate(error);
	// One that the kernel does not let go of is left behind.
	const auto end = std::chrono::steady_clock::now() + grace;
	while (impl_->child.running(error) && std::chrono::steady_clock::now() < end)
		std::this_thread::sleep_for(std::chrono::milliseconds(1));
	if (impl_->child.running(error))
		impl_->child.detach();
	else if (impl_->child.joinable())
		impl_->child.wait(error);
}

bool Process::failed()
{
	const int status = impl_->child.native_exit_code();
	return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

std::string Process::how_it_ended()
{
	const int status = impl_->child.native_exit_code();
	if (WIFSIGNALED(status))
		return "signal " + std::to_string(WTERMSIG(status)) + " (" + ::strsignal(WTERMSIG(status)) + ")";
	return "status " + std::to_string(WEXITSTATUS(status));
}

std::optional<std::string> find_program(const std::string &name)
{
	struct stat st = {};
	if (name.find('/') != std::string::npos)
		return ::stat(name.c_str(), &st) == 0 && S_ISREG(st.st_mode) && ::access(name.c_str(), X_OK) == 0
			       ? std::optional(name) : std::nullopt;
	const char *path = std::getenv("PATH");
	std::istringstream directories(path ? path : "/usr/local/bin:/usr/bin:/bin");
	for (std::string directory; std::getline(directories, directory, ':');) {
		const std::string file = (directory.empty() ? "." : directory) + "/" + name;
		if (::access(file.c_str(), X_OK) == 0)
			return file;
	}
	return std::nullopt;
}

Result<Ran> run(const Command &command, const std::string &log, std::chrono::milliseconds limit,
		const std::function<void()> &watch)
{
	auto process = Process::start(command, log);
	if (!process)
		return process.error();
	const auto end = std::chrono::steady_clock::now() + limit;
	for (int rounds = 0; process->running(); rounds++) {
		if (interrupted())
			return Ran{Ran::interrupted, "an interrupt"};
		if (std::chrono::steady_clock::now() > end)
			return Ran{Ran::late, "no end within " + std::to_string(limit.count()) + " ms"};
		if (watch && rounds % 20 == 0)
			watch();
		std::this_thread::sleep_for(std::chrono::milliseconds(5));
	}
	return Ran{process->failed() ? Ran::failed : Ran::succeeded, process->how_it_ended()};
}

Result<std::string> output_of(const std::string &program, const std::vector<std::string> &arguments,
			      std::chrono::milliseconds limit)
{
	auto scratch = Scratch::create();
	if (!scratch)
		return scratch.error();
	const std::string log = scratch->path("output");
	auto ran = run(Command{program, arguments, "", std::nullopt}, log, limit);
	if (!ran)
		return ran.error();
	if (ran->how == Ran::late || ran->how == Ran::interrupted)
		return Error{program + " did not end within " + std::to_string(limit.count()) + " ms"};
	auto output = read_file(log);
	if (output && ran->how == Ran::failed)
		return Error{program + " ended with " + ran->end +
			     (output->empty() ? "" : ": " + output->substr(0, output->find('\n')))};
	return output;
}

} // namespace exit24::machine
