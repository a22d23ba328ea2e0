// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "agent/channel.hpp"
#include "agent/executor.hpp"
#include "agent/host.hpp"
#include "agent/target.hpp"
#include "agent/teller.hpp"
#include "kvm/kvm.hpp"
#include "model/plan.hpp"
#include "model/recording.hpp"

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace exit24::agent {

/// "exit24.fault=KIND@CASE" on the kernel's command line: what goes wrong, on purpose, when that case
/// begins. It is how the controller's recovery is tested, and works in a lab only.
struct Fault {
	std::string kind, name;
};

/// Runs the cases of the plan, each in a process of its own and within its deadline, as many at a time as there
/// are processors; first, one at a time, those that the plan wants alone. The deadline is for the steps: closing the
/// VMs, which KVM may take long for where a VM has many addresses, has time of its own. A plan that sets something before its
/// cases is run in its order, one case at a time; when a case hangs, the rest under its setting is left out. A case that overruns its deadline gets
/// a "hang" line with what /proc and KVM's counters say, and the others go on.
class Supervisor {
public:
	/// Cases that may be running or have been left behind at a time.
	static constexpr unsigned slots = 64;

	/// `slot` is shared memory, of so many. The teller, if there is one, hears of each end.
	Supervisor(const kvm::Kvm &kvm, const model::Plan &plan, const model::Hello &hello, Channel &channel,
		   Slot *slot, KernelLog &log, const Fault &fault, Teller *teller);

	void run();

private:
	/// A case that has begun and not ended.
	struct Running {
		const model::Plan::Item *item;
		unsigned slot;
		std::uint64_t start_ns, until_ns;
		enum { at_work, closing, told, killed } state;
	};

	using Items = std::vector<const model::Plan::Item *>;
	void run(const Items &items, std::size_t at_a_time);
	void begin(const model::Plan::Item &item);
	/// In the process of the case.
	void work(const model::Plan::Item &item, unsigned slot);
	void wait();
	/// What comes next for a case whose time is over; false if its process is to be left behind.
	bool overdue(Running &r);
	void ended(const Running &r, int status);
	void remove(std::vector<Running>::iterator at);
	void end(const model::Case &c, std::uint64_t start_ns, const Slot *slot, const std::vector<std::string> &lacks);
	void inject(const model::Case &c);
	void report_hang(const Running &r);
	void trouble(const model::Case &c, const std::string &what);

	const kvm::Kvm &kvm_;
	const model::Plan &plan_;
	const model::Hello &hello_;
	Channel &channel_;
	Slot *const slots_;
	KernelLog &log_;
	const Fault &fault_;
	Teller *const teller_;
	std::string trouble_; ///< of the case that ends next
	Line line_;
	std::vector<Running> running_;
	std::vector<unsigned> free_slots_;
	std::vector<std::unique_ptr<Host>> hosts_; ///< of each slot, if there is one
	bool more_ = false; ///< another case will begin at once
	std::optional<model::Setting> hung_; ///< under which a case has hung
	bool stop_ = false; ///< what was left behind would disturb what follows
};

/// What the kernel says about the threads of a process and about its VMs: state, wait channel, stack, and
/// the KVM counters of debugfs that are not zero.
model::Json diagnose(pid_t process);

} // namespace exit24::agent
