// SPDX-License-Identifier: GPL-2.0-only
#include "agent/host.hpp"

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace exit24::agent {
namespace {

struct Seen {
	std::atomic<pid_t> pid, parent;
	std::atomic<int> count, fd;
};

/// Shared with all processes, so made before there are any.
Seen &seen = *static_cast<Seen *>(
	::mmap(nullptr, sizeof(Seen), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));

int count = 0; // of our memory, and of the host's
const char quick = 'q', opens = 'o', threads = 't', dies = 'd', waits = 'w';

void work(const void *what)
{
	seen.pid = ::getpid();
	seen.parent = ::getppid();
	seen.count = ++count;
	if (what == &opens)
		seen.fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (what == &threads) {
		pthread_t thread;
		const auto set_errno = [](void *) -> void * {
			errno = EDOM;
			return nullptr;
		};
		errno = 0;
		if (pthread_create(&thread, nullptr, set_errno, nullptr) != 0 || pthread_join(thread, nullptr) != 0 ||
		    errno != 0)
			::_exit(1);
	}
	if (what == &dies)
		::raise(SIGKILL);
	while (what == &waits)
		::pause();
}

int end_of(pid_t pid)
{
	int status = -1;
	EXPECT_EQ(::waitpid(pid, &status, 0), pid);
	return status;
}

/// The pid of what is started for `what`, which has begun.
pid_t started(Host &host, const void *what)
{
	seen.pid = 0;
	host.start(what);
	while (seen.pid == 0)
		::usleep(100);
	return seen.pid;
}

TEST(Host, StartsProcessesThatAreOursAndShareItsMemory)
{
	auto host = Host::create(work);
	ASSERT_TRUE(host) << host.error().what;
	const pid_t first = started(**host, &quick);
	EXPECT_EQ((*host)->process(), first);
	EXPECT_EQ(seen.parent, ::getpid());
	EXPECT_EQ(end_of(first), 0);
	const pid_t second = started(**host, &quick);
	EXPECT_EQ(end_of(second), 0);
	EXPECT_NE(second, first);
	EXPECT_NE(second, (*host)->pid());
	EXPECT_EQ(seen.count, 2);
	EXPECT_EQ(count, 0) << "their memory is not ours";
}

TEST(Host, WhatOneOpensTheNextDoesNotHave)
{
	auto host = Host::create(work);
	ASSERT_TRUE(host);
	EXPECT_EQ(end_of(started(**host, &opens)), 0);
	const int fd = seen.fd;
	EXPECT_GE(fd, 0);
	EXPECT_EQ(end_of(started(**host, &opens)), 0);
	EXPECT_EQ(seen.fd, fd);
}

TEST(Host, TheyMayHaveThreads)
{
	auto host = Host::create(work);
	ASSERT_TRUE(host);
	for (int i = 0; i < 3; i++)
		EXPECT_EQ(end_of(started(**host, &threads)), 0);
}

TEST(Host, OneThatIsKilledTakesNobodyAlong)
{
	auto host = Host::create(work);
	ASSERT_TRUE(host);
	const int status = end_of(started(**host, &dies));
	EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	EXPECT_EQ(end_of(started(**host, &quick)), 0);
}

TEST(Host, GivenUpWhileOneRunsItEndsAndThatGoesOn)
{
	auto host = Host::create(work);
	ASSERT_TRUE(host);
	const pid_t pid = (*host)->pid(), process = started(**host, &waits);
	host->reset();
	EXPECT_EQ(::kill(pid, 0), -1) << "it is gone";
	EXPECT_EQ(::waitpid(process, nullptr, WNOHANG), 0) << "it runs";
	EXPECT_EQ(::kill(process, SIGKILL), 0);
	EXPECT_TRUE(WIFSIGNALED(end_of(process)));
}

TEST(Host, DeadItIsWhatEndsInPlaceOfTheProcess)
{
	auto host = Host::create(work);
	ASSERT_TRUE(host);
	::kill((*host)->pid(), SIGKILL);
	EXPECT_TRUE(WIFSIGNALED(end_of((*host)->pid())));
	(*host)->start(&quick);
	EXPECT_EQ((*host)->process(), (*host)->pid());
}

} // namespace
} // namespace exit24::agent
