// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "agent/channel.hpp"
#include "kvm/kvm.hpp"
#include "model/guest.hpp"
#include "model/plan.hpp"
#include "model/reader.hpp"

#include <memory>
#include <string>
#include <vector>

namespace exit24::agent {

/// The kernel's log, from where it was last read.
class KernelLog {
public:
	KernelLog();

	/// The messages since the last call with a level of at most `level` (4: warnings and worse).
	std::vector<std::string> take(int level);

private:
	static constexpr std::size_t record_size = 8192;

	UniqueFd fd_;
	std::unique_ptr<char[]> record_; // not on the stack: that page would be copied for each case
};

/// The facts about this target that go into the hello line: kernel, processor, KVM and what it offers.
/// `probe` is the psci_call payload; `kvm` is null, and `trouble` says why, where there is no KVM.
model::Json describe_target(const kvm::Kvm *kvm, const std::string &trouble, const model::Guest &probe,
			    const std::vector<std::string> &boot_log);

/// Writes the files of the target that are wanted into the recording, as they are after a case ("" if after none).
void send_files(const model::Wanted &wanted, Channel &channel, const std::string &after);

} // namespace exit24::agent
