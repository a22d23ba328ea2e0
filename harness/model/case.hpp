// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"
#include "model/reader.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
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
	std::string text;     ///< as written: "0x0", "PSCI_RET_SUCCESS", "after_call", "1:_start"
	std::uint64_t number = 0;
	std::string label; ///< not empty: a place in the payload of a vCPU
	std::optional<unsigned> vcpu = {}; ///< of which vCPU, if not the one at hand

	bool is_label() const { return !label.empty(); }
};

struct RegisterValue {
	std::string reg; ///< as abi::register_id takes it
	Value value;
};

struct VcpuSpec {
	std::string guest;
	std::string entry = "_start";
	std::vector<std::string> features;
	std::vector<RegisterValue> regs;
	unsigned vm = 0;
	std::optional<unsigned> id; ///< for KVM_CREATE_VCPU; else the next number of its VM
	bool late = false;          ///< created by a step, not before the first
	bool init = true;           ///< KVM_ARM_VCPU_INIT before the first step
};

/// What a VM has besides memory.
struct VmSpec {
	std::string gic = "none"; ///< "none", "v2" or "v3": an in-kernel interrupt controller
	bool is_protected = false; ///< created as a protected VM (pKVM)
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
	struct Hypercall {
		Value nr;
		Value flags;
	};
	std::optional<Hypercall> hypercall;
	std::optional<std::vector<Value>> reports;
	std::vector<RegisterValue> regs;
	std::map<unsigned, std::uint64_t> mp_states;
	std::vector<BytesExpected> bytes;
	std::vector<ExitExpected> one_of; ///< if there are any: one of them, and nothing of the above
};

/// A signal that waits for the thread when it calls KVM_RUN.
enum class Signal { none, unblocked, blocked };

struct Run {
	unsigned vcpu = 0;
	bool until_asleep = false;
	bool immediate_exit = false;
	Signal signal = Signal::none;
	unsigned reports = 0; ///< how many reports to collect; 0: return after the first exit
	ExitExpected expect;
};
struct Start {
	unsigned vcpu = 0;
};
enum class WaitFor { progress, asleep, exit, rest };
struct Wait {
	unsigned vcpu = 0;
	WaitFor what = WaitFor::asleep;
	std::vector<unsigned> or_vcpus; ///< any of these will do as well
};
struct Kick {
	unsigned vcpu = 0;
	ExitExpected expect;
};
struct GetMpState {
	unsigned vcpu = 0;
	bool until_kick = false; ///< asked while KVM_RUN is in progress: sleeps until that one is kicked
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

/// Calls of the payload psci_call, one after the other: x0 from `first` to `last` with the arguments given.
struct Calls {
	struct Row {
		std::uint64_t first = 0, last = 0;
		std::vector<Value> args;    ///< x1 to x3
		std::vector<Value> returns; ///< x0 to x3
	};
	unsigned vcpu = 0;
	std::vector<Row> rows;
};

/// A file descriptor of the case.
struct Target {
	enum { kvm, vm, vcpu, gic } kind = kvm;
	unsigned number = 0;
};

/// One field of a struct that an ioctl takes.
struct Field {
	enum { number, preferred_target, data_address } kind = number;
	unsigned size = 0; ///< bytes
	std::uint64_t value = 0;
};

/// Any ioctl, for what no other step does.
struct Ioctl {
	std::string name; ///< in abi::ioctls
	Target of;
	std::optional<std::uint64_t> number; ///< a plain argument; else a struct
	std::vector<Field> fields;
	std::vector<Field> data; ///< what a field of the kind data_address points to
	std::uint64_t error = 0;
	std::optional<std::uint64_t> rc;
	std::optional<std::uint64_t> rc_at_least;
	std::vector<Field> result; ///< the struct, or the data if there are any, afterwards
};
struct Create {
	unsigned vcpu = 0;
	std::uint64_t error = 0;
};
/// The kvm_run page of a vCPU that is not inside KVM_RUN.
struct Page {
	unsigned vcpu = 0;
	std::vector<BytesExpected> bytes;
};
/// How many registers KVM_GET_REG_LIST names whose id has these bits under this mask.
struct CountRegs {
	unsigned vcpu = 0;
	std::uint64_t mask = 0, match = 0;
	std::uint64_t count = 0;
};

using Step = std::variant<Run, Start, Wait, Kick, GetMpState, SetMpState, GetReg, SetReg, Init, EnableCap, Calls,
			  Ioctl, Create, Page, CountRegs>;

/// The action of a step as the case writes it: "run", "set_mp_state".
std::string_view step_name(const Step &step);

struct Citation {
	std::string doc;
	std::string section;
	std::string sentence; ///< 12 hexadecimal digits
	std::string differs;  ///< not empty: how what kernels do differs from the sentence
};

struct Requirements {
	std::vector<std::string> capabilities;
	std::optional<std::string> psci_version; ///< "1.1"
	bool smc = false;
	bool smccc_filter = false; ///< KVM_ARM_VM_SMCCC_FILTER, an attribute of the VM
	std::set<std::string> gics; ///< "v2", "v3": the in-kernel ones that its VMs have
	bool protected_vm = false;  ///< one of its VMs is protected
	std::vector<std::string> registers; ///< that a fresh vCPU has; in abi::other_registers
	std::shared_ptr<const Requirements> without; ///< what must not be there: the case is about its absence
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
	std::vector<VmSpec> vms;
	std::vector<VcpuSpec> vcpus;
	std::vector<Step> steps;
	unsigned rounds = 1; ///< how often all of it is done, each time with new VMs
	unsigned deadline_ms = 2000;
};

/// Reads one case. `file` is only for messages, which name file and JSON pointer.
Result<Case> parse_case(std::string name, const std::string &file, std::string_view text);

/// Reads a case of a plan: without title, status, rules, catches, hurts and spec.
Result<Case> read_planned_case(std::string name, const Json &json);

/// "1.1" as the value of KVM_REG_ARM_PSCI_VERSION, 0x10001.
std::optional<std::uint64_t> psci_version_value(std::string_view text);

} // namespace exit24::model
