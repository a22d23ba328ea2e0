// SPDX-License-Identifier: GPL-2.0-only
#include "agent/host.hpp"

#include "base/file.hpp"

#include <atomic>
#include <cerrno>
#include <new>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace exit24::agent {

struct Host::Shared {
	Shared() { ::sem_init(&order, 1, 0); }

	sem_t order; ///< there is a `what` to be started
	const void *what = nullptr;
	std::atomic<pid_t> process{0}; ///< 0: not yet
};

namespace {

constexpr std::size_t stack_size = std::size_t{1} << 20, guard_size = std::size_t{1} << 16;
constexpr int end_ms = 1000;

struct Order {
	const Host::Work &work;
	const void *what;
	std::atomic<pid_t> &process;
};

} // namespace

int Host::obey(void *argument)
{
	const Order &order = *static_cast<const Order *>(argument);
	order.process = ::getpid();
	order.work(order.what);
	_exit(0);
}

void Host::serve(const Work &work, pid_t parent)
{
	::prctl(PR_SET_PDEATHSIG, SIGKILL);
	void *stack = ::mmap(nullptr, guard_size + stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (stack == MAP_FAILED || ::mprotect(stack, guard_size, PROT_NONE) != 0)
		::_exit(errno);
	while (::getppid() == parent) {
		if (::sem_wait(&shared_->order) != 0)
			continue;
		Order order = {work, shared_->what, shared_->process};
		// CLONE_VFORK: this thread, whose errno and the like it uses, is asleep while it lives.
		if (::clone(obey, static_cast<char *>(stack) + guard_size + stack_size,
			    CLONE_VM | CLONE_VFORK | CLONE_PARENT | SIGCHLD, &order) < 0)
			::_exit(errno);
	}
	::_exit(0);
}

Result<std::unique_ptr<Host>> Host::create(Work work)
{
	void *memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return system_error("mmap", errno);
	std::unique_ptr<Host> host(new Host(new (memory) Shared));
	const pid_t parent = ::getpid();
	host->pid_ = ::_Fork(); // none of what fork() does for the threads that this process does not have
	if (host->pid_ < 0)
		return system_error("fork", errno);
	if (host->pid_ == 0)
		host->serve(work, parent);
	return host;
}

Host::~Host()
{
	if (pid_ > 0) {
		::kill(pid_, SIGKILL);
		for (int i = 0; i < end_ms && ::waitpid(pid_, nullptr, WNOHANG) == 0; i++)
			::usleep(1000); // it is gone at once, unless the kernel is broken
	}
	::munmap(shared_, sizeof(Shared));
}

void Host::start(const void *what)
{
	shared_->what = what;
	shared_->process = 0;
	::sem_post(&shared_->order);
}

pid_t Host::process() const
{
	const pid_t process = shared_->process;
	return process ? process : pid_;
}

} // namespace exit24::agent
