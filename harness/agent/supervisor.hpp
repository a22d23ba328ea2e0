// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "agent/channel.hpp"
#include "agent/target.hpp"
#include "kvm/kvm.hpp"
#include "model/plan.hpp"
#include "model/recording.hpp"

namespace exit24::agent {

/// Runs each case of the plan in a process of its own, within its deadline. A case that overruns it gets a
/// "hang" line with what /proc and KVM's counters say, and the next one goes on.
class Supervisor {
public:
	Supervisor(const kvm::Kvm &kvm, const model::Plan &plan, const model::Hello &hello, Channel &channel,
		   Shared &shared, KernelLog &log)
		: kvm_(kvm), plan_(plan), hello_(hello), channel_(channel), shared_(shared), log_(log)
	{
	}

	/// How a case ended: by itself, at its deadline, or not even when its process was killed.
	enum Ended { well, hung, left_behind };
	Ended run(const model::Plan::Item &item);

private:
	Ended watch(const model::Case &c, pid_t child);
	void report_hang(const model::Case &c, pid_t child);

	const kvm::Kvm &kvm_;
	const model::Plan &plan_;
	const model::Hello &hello_;
	Channel &channel_;
	Shared &shared_;
	KernelLog &log_;
};

/// What the kernel says about the threads of a process and about its VMs: state, wait channel, stack, and
/// the KVM counters of debugfs that are not zero.
model::Json diagnose(pid_t process);

} // namespace exit24::agent
