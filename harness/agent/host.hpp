// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"

#include <functional>
#include <memory>
#include <sys/types.h>

namespace exit24::agent {

/// A process that starts others, one at a time, and does nothing while one of them runs. They share its memory, as
/// a vfork's do, and have all else of their own: descriptors, signals, threads, a pid. So none costs a copy of page
/// tables, or again the page faults that the last one had, which for a case of a millisecond is a third of it.
/// Our memory is not theirs, nor are the locks of our address space: whatever a broken kernel does to a case, who
/// has to tell of it can. After anything but an orderly end a host is to be destroyed, and the next case gets a new one.
class Host {
public:
	using Work = std::function<void(const void *)>;

	/// An Error if there cannot be one more process. The work is done in each process that is started; when
	/// it returns, the process ends with status 0.
	static Result<std::unique_ptr<Host>> create(Work work);
	/// Ends the host, not what it has started.
	~Host();
	Host(const Host &) = delete;
	Host &operator=(const Host &) = delete;

	/// Starts a process that does the work for `what`, an address that was valid before the host was created. It
	/// is a child of ours, not of the host. If it cannot be started, the host ends with the errno as its status.
	void start(const void *what);
	/// What was started last; the host itself as long as it has not got to it.
	pid_t process() const;
	pid_t pid() const { return pid_; }

private:
	struct Shared;
	explicit Host(Shared *shared) : shared_(shared) {}
	[[noreturn]] void serve(const Work &work, pid_t parent);
	static int obey(void *argument);

	Shared *const shared_;
	pid_t pid_ = -1;
};

} // namespace exit24::agent
