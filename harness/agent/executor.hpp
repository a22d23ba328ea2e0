// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "agent/channel.hpp"
#include "kvm/kvm.hpp"
#include "model/plan.hpp"

#include <atomic>
#include <csignal>

namespace exit24::agent {

/// The signal by which the supervisor says that the deadline of the case has come.
constexpr int deadline_signal = SIGUSR1;

/// What the supervisor and the process of a case share.
struct Slot {
	std::atomic<std::uint32_t> step{0};
	std::atomic<std::uint64_t> asleep_ns{0}; ///< what its main thread has waited without a KVM_RUN
	std::atomic<bool> closing{false}; ///< its steps are done, and what is left is to close its VMs
};

/// Takes the signals by which a case is told of its deadline and a vCPU is kicked; before the first fork.
void prepare_signals();

/// Runs one case in this process and emits a line for each step. What it opened is closed again after each round, since
/// the memory is not this process's alone; slot.closing is set meanwhile. Returns when the steps are done, when the
/// deadline came, or when it cannot go on, which it says in a line.
void execute(const model::Case &c, const model::Guests &guests, const kvm::Kvm &kvm, Channel &channel, Slot &slot);

/// Whether the vCPU's last exit is a report of its payload (contract.h), and the value reported.
bool report_of(const kvm::Vcpu &vcpu, std::uint64_t &value);

/// features[0] of KVM_ARM_VCPU_INIT.
std::uint32_t feature_bits(const std::vector<std::string> &features);

} // namespace exit24::agent
