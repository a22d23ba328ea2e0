// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"
#include "model/case.hpp"
#include "model/reader.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What happened, as raw facts. A recording is JSON Lines: for each boot of the machine one line by the
/// controller, {"boot":...}, the agent's lines, and one more by the controller, {"boot_end":...}.
/// Every line carries a sequence number within its boot and a CRC-32 over all before `,"crc"`.
namespace exit24::model {

/// One line, newline included: {"seq":N, record..., "crc":"0123abcd"}.
std::string frame(const Json &record, std::uint64_t seq);
/// The same of a record that is text already, without its braces, into a buffer with room for it and frame_size
/// bytes more; returns how many it wrote.
std::size_t frame(char *out, std::string_view body, std::uint64_t seq);
constexpr std::size_t frame_size = 64;

struct Unframed {
	enum { record, noise, torn } kind = noise;
	std::uint64_t seq = 0;
	Json json;
};

/// A line of a channel that others, such as the kernel's log, may write to as well: noise is a line
/// without a record, torn is one that was a record.
Unframed unframe(std::string_view line);

/// One KVM_RUN, or the last of several.
struct RunSeen {
	std::vector<std::uint8_t> page; ///< kvm_run_size bytes of struct kvm_run after the exit
	std::map<std::string, std::uint64_t> regs; ///< every core register
	std::vector<std::optional<std::uint64_t>> mp_states; ///< by vCPU; none if inside KVM_RUN or unreadable
	std::vector<std::uint64_t> reports; ///< reported by the payload in this step, slot 0 first
	std::optional<bool> asleep; ///< whether its thread slept in the kernel, where that was waited for

	std::uint32_t u32(std::size_t offset) const;
	std::uint64_t u64(std::size_t offset) const;
};

struct StepSeen {
	std::size_t step = 0;
	std::size_t round = 0;
	std::string op;
	std::int64_t rc = 0;
	std::uint64_t error = 0; ///< errno, 0 if rc is not -1
	std::uint64_t ns = 0;
	std::optional<std::uint64_t> value; ///< MP state or register read
	std::optional<RunSeen> run;
	Json raw;
};

/// One case in one boot.
struct CaseRun {
	std::string name;
	std::size_t boot = 0;
	std::vector<StepSeen> steps;
	std::optional<std::string> setup;    ///< what the kernel refused before the first step
	std::uint64_t setup_error = 0;       ///< errno of that
	std::vector<std::string> lacks;      ///< requirements the agent found missing; then there are no steps
	std::optional<Json> hang;            ///< the agent's diagnosis when the deadline came
	std::optional<std::string> trouble;  ///< the agent itself could not go on, and why
	std::vector<std::string> kernel_log; ///< warnings the kernel printed meanwhile
	bool ended = false;
	bool torn = false; ///< lines of it were lost on the way
	std::uint64_t ns = 0;
};

/// The agent's first line: the target.
struct Hello {
	Json raw;
	std::string release;
	std::uint64_t uptime_ms = 0; ///< of the target's clock, when the line was written
	std::map<std::string, std::uint64_t> capabilities;
	std::optional<std::uint64_t> psci_version;
	std::optional<std::uint64_t> smc_psci_version; ///< x0 after PSCI_VERSION over SMC
	bool smccc_filter = false;      ///< the VM attribute is there
	std::set<std::string> registers; ///< of abi::other_registers, those that a fresh vCPU has
	std::set<std::string> gics;     ///< in-kernel interrupt controllers on offer: "v2", "v3"
	bool protected_vm = false;      ///< KVM_CREATE_VM takes KVM_VM_TYPE_ARM_PROTECTED
	std::optional<std::string> kvm_trouble;        ///< why there is no KVM on the target
	std::string kvm_mode; ///< "vhe", "nvhe", "hvhe", "protected", "nested" or "" if not known
	std::string midr;     ///< MIDR_EL1 as sysfs shows it, "" if it does not
};

/// Throws Malformed.
Hello read_hello(const Json &facts);

/// A file of the target as it was after a case, or before the first or after the last one.
struct TargetFile {
	std::string after; ///< the case, or ""
	std::string path;
	std::vector<std::uint8_t> bytes;
};

struct Boot {
	Json machine; ///< the controller's facts: emulated or not, QEMU, cpu, mode
	std::vector<std::string> cases;             ///< what was to be run in it
	std::map<std::string, std::string> guests;  ///< SHA-256 of each payload
	std::optional<Hello> hello;
	std::vector<TargetFile> files; ///< that the plan wanted, in the order in which they came
	/// "" while it lasts, then "complete" (the agent finished), "crash" (the kernel died), "hang" (it stopped
	/// answering) or "machine" (QEMU, the agent's process or the disk failed)
	std::string end;
	std::string end_reason;
	std::string console_tail;
	Json end_raw;
};

/// Cases that ran side by side when something happened that one of them did: the machine died, or the kernel
/// warned. Each is to be run again alone, so that it is seen which.
struct Doubt {
	std::size_t boot = 0;
	std::vector<std::string> cases;
	std::vector<std::string> kernel_log; ///< the warnings; none if the machine died
};

struct Recording {
	std::vector<Boot> boots;
	std::vector<std::string> order; ///< names of the cases, as first begun
	std::map<std::string, CaseRun> cases; ///< the last run of each
	std::vector<std::string> running; ///< begun in this boot, which lasts, and not ended
	std::vector<Doubt> doubts;

	/// Whether the last run of the case is one of those that a doubt is about.
	bool in_doubt(const std::string &name) const;
};

/// Why a boot says nothing about the mode that was asked for: KVM runs in another one there. "" if it is the one, or
/// the kernel does not say.
std::string wrong_mode(const Boot &boot);

/// What a requirement finds missing on a target, each by name; none if the case can run there.
std::vector<std::string> missing(const Requirements &requirements, const Hello &hello);

/// Builds a Recording line by line.
class RecordingBuilder {
public:
	/// Adds an intact record; an Error if it is not one of ours, or out of order.
	Result<void> add(const Json &record, std::uint64_t seq);

	/// Says that lines are missing: whatever is running is torn.
	void lost();

	const Recording &recording() const { return recording_; }
	std::uint64_t next_seq() const { return next_seq_; }

private:
	Recording recording_;
	std::uint64_t next_seq_ = 0;
};

/// Reads a stored recording; an Error names the line where it is torn, or what is missing at its end.
Result<Recording> parse_recording(const std::string &file, std::string_view text);

} // namespace exit24::model
