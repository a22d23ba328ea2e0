// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// A case as cases/README.md defines it.
namespace exit24::model {

/// The version of the case format that this code reads; cases/README.md names it too.
constexpr int case_format = 1;

/// A 64-bit value as the case writes it: a number, or a label of the vCPU's payload (for pc).
struct Value {
	std::string text;     ///< as written: "0x0", "PSCI_RET_SUCCESS", "after_call"
	std::uint64_t number = 0;
	bool is_label = false;
};

struct RegisterValue {
	std::string reg; ///< a name in abi::core_registers
	Value value;
};

struct VcpuSpec {
	std::string guest;
	std::string entry = "_start";
	std::vector<std::string> features;
	std::vector<RegisterValue> regs;
	unsigned vm = 0;
};

/// `count` bytes at `at` of kvm_run that are all `byte`.
struct BytesExpected {
	std::size_t at = 0;
	std::size_t count = 0;
	std::uint8_t byte = 0;
	std::string are; ///< as written: "0x00" or "untouched"
};

/// What a KVM_RUN must have done. Absent means not compared.
struct ExitExpected {
	std::uint64_t error = 0; ///< errno, 0 when KVM_RUN returns 0
	std::optional<std::uint64_t> exit_reason;
	struct SystemEvent {
		std::uint64_t type = 0;
		std::uint64_t ndata = 0;
		std::vector<Value> data;
	};
	std::optional<SystemEvent> system_event;
	std::optional<std::vector<Value>> reports;
	std::vector<RegisterValue> regs;
	std::map<unsigned, std::uint64_t> mp_states;
	std::vector<BytesExpected> bytes;
};

struct Run {
	unsigned vcpu = 0;
	bool until_asleep = false;
	unsigned reports = 0; ///< how many reports to collect; 0: return after the first exit
	ExitExpected expect;
};
struct Start {
	unsigned vcpu = 0;
};
struct Wait {
	unsigned vcpu = 0;
	bool for_progress = false; ///< else: asleep
};
struct Kick {
	unsigned vcpu = 0;
	ExitExpected expect;
};
struct GetMpState {
	unsigned vcpu = 0;
	std::uint64_t error = 0;
	std::optional<std::uint64_t> mp_state;
};
struct SetMpState {
	unsigned vcpu = 0;
	std::uint64_t to = 0;
	std::uint64_t error = 0;
};
struct GetReg {
	unsigned vcpu = 0;
	std::string reg;
	std::uint64_t error = 0;
	std::optional<Value> value;
};
struct SetReg {
	unsigned vcpu = 0;
	std::string reg;
	Value to;
	std::uint64_t error = 0;
};
struct Init {
	unsigned vcpu = 0;
	std::optional<std::vector<std::string>> features;
	std::uint64_t error = 0;
};
struct EnableCap {
	std::uint64_t capability = 0;
	unsigned vm = 0;
	std::uint64_t error = 0;
};

using Step = std::variant<Run, Start, Wait, Kick, GetMpState, SetMpState, GetReg, SetReg, Init, EnableCap>;

/// The action of a step as the case writes it: "run", "set_mp_state".
std::string_view step_name(const Step &step);

struct Citation {
	std::string doc;
	std::string section;
	std::string sentence; ///< 12 hexadecimal digits
};

struct Requirements {
	std::vector<std::string> capabilities;
	std::optional<std::string> psci_version; ///< "1.1"
	bool smc = false;
};

struct Case {
	std::string name;
	std::string title;
	bool characterised = false; ///< a difference is for review, not a failure
	std::vector<std::string> rules;
	std::string catches;
	std::string hurts;
	std::vector<Citation> spec;
	Requirements requires_;
	std::vector<VcpuSpec> vcpus;
	std::vector<Step> steps;
	unsigned deadline_ms = 2000;

	unsigned vms() const; ///< how many VMs its vCPUs are in
};

/// Reads one case. `file` is only for messages, which name file and JSON pointer.
Result<Case> parse_case(std::string name, const std::string &file, std::string_view text);

/// "1.1" as the value of KVM_REG_ARM_PSCI_VERSION, 0x10001.
std::optional<std::uint64_t> psci_version_value(std::string_view text);

} // namespace exit24::model
