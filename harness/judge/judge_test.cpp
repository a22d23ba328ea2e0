// SPDX-License-Identifier: GPL-2.0-only
#include "judge/judge.hpp"

#include "abi/kvm_run.hpp"
#include "abi/names.hpp"
#include "base/runs.hpp"
#include "model/plan.hpp"
#include "model/reader.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

namespace exit24::judge {

static void PrintTo(Status status, std::ostream *out) // for GoogleTest
{
	*out << name(status);
}

namespace {

using model::Json;

constexpr char name_of_case[] = "system_off/stops";
constexpr std::uint64_t internal_failure = 0xfffffffffffffffa;

const model::Guests guests = {
	{"off",
	 {.code = std::vector<std::uint8_t>(32, 0), .labels = {{"_start", 0}, {"after_call", 12}}}},
};
constexpr std::uint64_t after_call = 0x4000000c;

/// SYSTEM_OFF seen from all sides, made RUNNABLE and run again. %S is the status.
constexpr char off_text[] = R"({
	"title": "SYSTEM_OFF stops", "status": "%S", "rules": ["SE-OFF-01"], "catches": "c",
	"spec": [{ "doc": "a.rst", "section": "s", "sentence": "sha256:0123456789ab" }],
	"requires": { "capabilities": ["KVM_CAP_SYSTEM_EVENT_DATA"], "psci_version": "1.0",
		      "conduit": "smc" },
	"vcpus": [{ "guest": "off" }, { "guest": "off" }],
	"steps": [
		{ "run": 0, "expect": { "exit": "KVM_EXIT_SYSTEM_EVENT",
			"type": "KVM_SYSTEM_EVENT_SHUTDOWN", "ndata": 1, "data": ["0x0"],
			"regs": { "x0": "PSCI_RET_INTERNAL_FAILURE", "x19": "0x13",
				  "pc": "after_call" },
			"mp_states": { "0": "KVM_MP_STATE_STOPPED", "1": "KVM_MP_STATE_STOPPED" },
			"bytes": [{ "at": 48, "count": 120, "are": "0x00" },
				  { "at": 168, "count": 120, "are": "untouched" }] } },
		{ "set_mp_state": 0, "to": "KVM_MP_STATE_RUNNABLE" },
		{ "run": 0, "reports": 2,
		  "expect": { "exit": "KVM_EXIT_MMIO",
			      "reports": ["PSCI_RET_INTERNAL_FAILURE", "0x2"] } }
	] })";

model::Case parsed(std::string text, const std::string &status = "required")
{
	if (const auto at = text.find("%S"); at != std::string::npos)
		text.replace(at, 2, status);
	auto c = model::parse_case(name_of_case, "FILE", text);
	EXPECT_TRUE(c) << c.error().what;
	return c ? *c : model::Case{};
}

/// What the agent and the controller say of one case, before it is framed: a thing to spoil.
struct Seen {
	Json machine = {{"machine", "lab"}};
	std::optional<Json> hello;
	bool begun = true;
	std::vector<Json> lines; ///< between begin and end
	std::optional<Json> end = Json{{"ns", 1000}};
	Json boot_end = {{"kind", "complete"}, {"reason", ""}, {"console", ""}};
	bool torn = false;
};

model::Recording recorded(const Seen &seen)
{
	model::RecordingBuilder builder;
	std::uint64_t seq = 0;
	const auto add = [&](const Json &record) {
		const auto r = builder.add(record, seq++);
		EXPECT_TRUE(r) << (r ? "" : r.error().what);
	};
	Json boot = seen.machine;
	boot["cases"] = {name_of_case};
	boot["guests"] = Json::object();
	add({{"boot", boot}});
	if (seen.hello)
		add({{"hello", *seen.hello}});
	if (seen.begun) {
		add({{"case", name_of_case}, {"begin", true}});
		for (Json line : seen.lines) {
			line["case"] = name_of_case;
			add(line);
		}
		if (seen.torn)
			builder.lost();
		if (seen.end) {
			Json end = *seen.end;
			end["case"] = name_of_case;
			end["end"] = true;
			add(end);
		}
	}
	if (!seen.boot_end.is_null())
		add({{"boot_end", seen.boot_end}});
	return builder.recording();
}

Json step(std::size_t number, const char *op)
{
	return {{"step", number}, {"op", op}, {"rc", 0}, {"errno", 0}, {"ns", 44000}};
}

void poke(Json &line, std::size_t offset, std::uint64_t value, std::size_t size,
	  const char *key = "page")
{
	auto page = *decode_runs(line[key].get<std::string>(), abi::kvm_run_size);
	std::memcpy(page.data() + offset, &value, size);
	line[key] = encode_runs(page);
}

/// A KVM_RUN that came back with this exit reason and the page otherwise untouched.
Json run_step(std::size_t number, std::uint32_t exit_reason, const char *op = "run")
{
	Json line = step(number, op);
	line["page"] = encode_runs(std::vector<std::uint8_t>(abi::kvm_run_size, abi::poison_byte));
	poke(line, abi::exit_reason_offset, exit_reason, 4);
	line["regs"] = {{"pstate", "0x3c5"}};
	line["mp_states"] = {0, 0};
	line["reports"] = Json::array();
	return line;
}

Json event_step(std::size_t number, std::uint32_t type, std::uint32_t ndata)
{
	Json line = run_step(number, abi::exit_system_event);
	for (std::size_t i = 0; i < abi::system_event_size; i += 8)
		poke(line, abi::exit_union_offset + i, 0, 8);
	poke(line, abi::system_event_type_offset, type, 4);
	poke(line, abi::system_event_ndata_offset, ndata, 4);
	return line;
}

/// What a good kernel gives for off_text.
Seen good()
{
	Seen seen;
	seen.hello = {{"protocol", model::protocol},
		      {"release", "7.3.4"},
		      {"uptime_ms", 500},
		      {"kvm_log", {"kvm [1]: Hyp nVHE mode initialized successfully"}},
		      {"capabilities", {{"KVM_CAP_SYSTEM_EVENT_DATA", 1}}},
		      {"psci_version", "0x10001"},
		      {"smc_psci_version", "0x10001"}};
	Json off = event_step(0, 1, 1);
	off["regs"] = {{"x0", hex(internal_failure)},
		       {"x19", "0x13"},
		       {"pc", hex(after_call)},
		       {"pstate", "0x3c5"}};
	off["mp_states"] = {5, 5};
	Json resumed = run_step(2, abi::exit_mmio);
	resumed["reports"] = {hex(internal_failure), "0x2"};
	seen.lines = {off, step(1, "set_mp_state"), resumed};
	return seen;
}

void only(Seen &seen, const Json &line)
{
	seen.lines.clear();
	seen.lines.push_back(line);
}

Verdict judged(const Seen &seen, const std::string &status = "required")
{
	return judge(parsed(off_text, status), recorded(seen), guests);
}

std::string shown(const Verdict &v)
{
	std::string out = std::string(name(v.status)) + ": " + v.reason;
	for (const Difference &d : v.differences)
		out += "\n  " + d.what + ": want " + d.want + ", got " + d.got;
	return out;
}

TEST(Judge, WhatAGoodKernelDoesPasses)
{
	const Verdict v = judged(good());
	EXPECT_EQ(v.status, Status::pass) << shown(v);
	EXPECT_EQ(v.reason, "");
	EXPECT_EQ(v.step, std::nullopt);
	EXPECT_TRUE(v.differences.empty());
	EXPECT_EQ(judged(good(), "characterised").status, Status::pass);
}

struct Expected {
	Status status;
	std::optional<std::size_t> step;
	const char *reason;                      ///< words of it
	const char *what = nullptr, *want, *got; ///< the first difference, if there must be one
};

Expected fails(std::size_t step, const char *what, const char *want, const char *got,
	       const char *reason = "")
{
	return {Status::fail, step, reason, what, want, got};
}

Expected ends(Status status, const char *reason, std::optional<std::size_t> step = std::nullopt)
{
	return {status, step, reason};
}

using Spoil = std::function<void(Seen &)>;

/// In the page of the first step.
Spoil in_page(std::size_t offset, std::uint64_t value, std::size_t size)
{
	return [=](Seen &s) { poke(s.lines[0], offset, value, size); };
}

Spoil put(std::size_t line, const char *pointer, const Json &value)
{
	return [=](Seen &s) { s.lines[line][Json::json_pointer(pointer)] = value; };
}

Spoil erase(std::size_t line)
{
	return [=](Seen &s) { s.lines.erase(s.lines.begin() + static_cast<std::ptrdiff_t>(line)); };
}

Spoil instead(std::size_t line, const Json &other)
{
	return [=](Seen &s) { s.lines[line] = other; };
}

Spoil instead_of_all(const Json &line)
{
	return [=](Seen &s) { only(s, line); };
}

Spoil errno_in(std::size_t line, int error)
{
	return [=](Seen &s) {
		s.lines[line]["rc"] = -1;
		s.lines[line]["errno"] = error;
	};
}

/// In what the agent says at the end of the case, or of the target.
Spoil at_end(const char *key, const Json &value)
{
	return [=](Seen &s) { (*s.end)[key] = value; };
}

Spoil in_hello(const char *key, const Json &value)
{
	return [=](Seen &s) { (*s.hello)[key] = value; };
}

/// The boot ends like this after so many lines of the case, which has no end then.
Spoil cut_off(std::size_t lines, const char *kind, const char *reason)
{
	return [=](Seen &s) {
		s.lines.resize(lines);
		s.end.reset();
		s.boot_end = {{"kind", kind}, {"reason", reason}, {"console", ""}};
	};
}

Spoil all(const std::vector<Spoil> &spoils)
{
	return [=](Seen &s) {
		for (const Spoil &spoil : spoils)
			spoil(s);
	};
}

void never_begun(Seen &s)
{
	s.begun = false;
}

constexpr std::size_t type = abi::system_event_type_offset, ndata = abi::system_event_ndata_offset,
		      data = abi::system_event_data_offset;
constexpr char failed_off[] = "PSCI_RET_INTERNAL_FAILURE (0xfffffffffffffffa)",
	       event[] = "KVM_EXIT_SYSTEM_EVENT (24)", shutdown[] = "KVM_SYSTEM_EVENT_SHUTDOWN (1)",
	       stopped[] = "KVM_MP_STATE_STOPPED (5)";

struct Mutation {
	const char *name;
	Spoil spoil;
	Expected expected;
};

/// What a wrong kernel, a broken machine or a lesser target makes of it, and what must be said.
const std::vector<Mutation> mutations = {
	// the event
	{"type swapped", in_page(type, 2, 4),
	 fails(0, "type", shutdown, "KVM_SYSTEM_EVENT_RESET (2)", "wrong type")},
	{"type of no name", in_page(type, 0x80000001, 4),
	 fails(0, "type", shutdown, "0x80000001", "wrong type")},
	{"type not written", in_page(type, 0xa5a5a5a5, 4),
	 fails(0, "type", shutdown, "0xa5a5a5a5", "wrong type")},
	{"no data words", in_page(ndata, 0, 4), fails(0, "ndata", "1", "0", "wrong data")},
	{"two data words", in_page(ndata, 2, 4), fails(0, "ndata", "1", "2", "wrong data")},
	{"17 data words", in_page(ndata, 17, 4), fails(0, "ndata", "1", "17", "wrong data")},
	{"2^32 - 1 data words", in_page(ndata, 0xffffffff, 4),
	 fails(0, "ndata", "1", "0xffffffff", "wrong data")},
	{"the layout of 2013", in_page(ndata, 0xa5a5a5a5, 4),
	 fails(0, "ndata", "1", "0xa5a5a5a5", "wrong data")},
	{"a flag set", in_page(data, 1, 8), fails(0, "data[0]", "0x0", "0x1", "wrong data")},
	{"a flag in the upper half", in_page(data + 4, 1, 4),
	 fails(0, "data[0]", "0x0", "0x100000000", "wrong data")},
	{"stale data word", in_page(data + 8, 0xdead, 8),
	 fails(0, "kvm_run bytes 48..167", "all 0x00", "ad de 00*118", "not what they must be")},
	{"byte behind the event", in_page(168, 0, 1),
	 fails(0, "kvm_run bytes 168..287", "untouched (0xa5)", "00 a5*119",
	       "not what they must be")},
	{"last byte of the union", in_page(287, 0, 1),
	 fails(0, "kvm_run bytes 168..287", "untouched (0xa5)", "a5*119 00",
	       "not what they must be")},

	// the vCPUs behind it
	{"x0 says SUCCESS", put(0, "/regs/x0", "0x0"), fails(0, "x0", failed_off, "0x0")},
	{"x0 is not sign-extended", put(0, "/regs/x0", "0xfffffffa"),
	 fails(0, "x0", failed_off, "0xfffffffa")},
	{"x0 is another result", put(0, "/regs/x0", "0xffffffffffffffff"),
	 fails(0, "x0", failed_off, "PSCI_RET_NOT_SUPPORTED (0xffffffffffffffff)")},
	{"x19 lost", put(0, "/regs/x19", "0x14"), fails(0, "x19", "0x13", "0x14")},
	{"pc at the call", put(0, "/regs/pc", "0x40000008"),
	 fails(0, "pc", "after_call (0x4000000c)", "0x40000008")},
	{"caller still runnable", put(0, "/mp_states/0", 0),
	 fails(0, "mp_state of vCPU 0", stopped, "KVM_MP_STATE_RUNNABLE (0)")},
	{"other vCPU still runnable", put(0, "/mp_states/1", 0),
	 fails(0, "mp_state of vCPU 1", stopped, "KVM_MP_STATE_RUNNABLE (0)")},
	{"MP state of no name", put(0, "/mp_states/1", 77),
	 fails(0, "mp_state of vCPU 1", stopped, "77")},
	{"MP state not readable", put(0, "/mp_states/1", nullptr),
	 fails(0, "mp_state of vCPU 1", stopped, "not readable")},
	{"MP state not recorded", put(0, "/mp_states", {5}),
	 fails(0, "mp_state of vCPU 1", stopped, "not readable")},

	// something else instead
	{"errno instead of the exit",
	 all({errno_in(0, 22), in_page(8, abi::poison_exit_reason, 4)}),
	 fails(0, "errno", "OK (0)", "EINVAL (22)", "KVM_RUN failed instead")},
	{"errno beside the exit", errno_in(0, 4),
	 fails(0, "errno", "OK (0)", "EINTR (4)", "KVM_RUN failed instead")},
	{"KVM_EXIT_UNKNOWN", instead(0, run_step(0, 0)),
	 fails(0, "exit_reason", event, "KVM_EXIT_UNKNOWN (0)", "without an exit reason")},
	{"exit reason not written", instead(0, run_step(0, abi::poison_exit_reason)),
	 fails(0, "exit_reason", event, "not written", "another exit reason")},
	{"exit reason of another architecture", instead(0, run_step(0, 8)),
	 fails(0, "exit_reason", event, "KVM_EXIT_SHUTDOWN (8)", "another exit reason")},
	{"exit reason of no name", instead(0, run_step(0, 57)),
	 fails(0, "exit_reason", event, "57", "another exit reason")},
	{"guest resumed",
	 all({instead(0, run_step(0, abi::exit_mmio)), put(0, "/reports", {"0xffffffffffffffff"})}),
	 fails(0, "exit_reason", event, "KVM_EXIT_MMIO (6)",
	       "resumed and saw PSCI_RET_NOT_SUPPORTED")},
	{"guest astray", instead(0, run_step(0, abi::exit_mmio)),
	 fails(0, "exit_reason", event, "KVM_EXIT_MMIO (6)", "went astray")},
	{"a KVM_RUN that was not recorded", instead(0, step(0, "run")),
	 fails(0, "observation", "a KVM_RUN", "none")},

	// the steps behind it
	{"SET_MP_STATE refused", errno_in(1, 22), fails(1, "errno", "OK (0)", "EINVAL (22)")},
	{"event delivered again", instead(2, event_step(2, 1, 1)),
	 fails(2, "exit_reason", "KVM_EXIT_MMIO (6)", event)},
	{"report with another value", put(2, "/reports/0", "0x0"),
	 fails(2, "report 0", failed_off, "0x0")},
	{"a report too few", put(2, "/reports", {hex(internal_failure)}),
	 fails(2, "reports", "2", "1")},
	{"a report too many", put(2, "/reports/2", "0x0"), fails(2, "reports", "2", "3")},

	// the kernel besides
	{"kernel said something harmless", at_end("kernel_log", {"kvm: SMCCC filter"}),
	 ends(Status::pass, "")},
	{"KVM_CREATE_VM without memory",
	 instead_of_all({{"setup", "KVM_CREATE_VM: No memory"}, {"errno", 12}}),
	 ends(Status::error, "KVM_CREATE_VM: No memory")},
	{"deadline missed", instead_of_all({{"hang", {{"step", 0}, {"deadline_ms", 2000}}}}),
	 ends(Status::hang, "step 0, run vCPU 0, had not ended after 2000 ms", 0)},
	{"deadline missed, and then an answer",
	 all({instead(2, {{"hang", {{"step", 2}, {"deadline_ms", 2000}}}}),
	      [](Seen &s) { s.lines.push_back(good().lines[2]); }}),
	 ends(Status::hang, "step 2", 2)},
	{"deadline missed, with the vCPU asleep",
	 instead_of_all({{"hang", {{"step", 0}, {"deadline_ms", 2000},
		 {"threads", {{{"state", "S"}, {"stack", {"do_wait+0x1/0x2"}}},
			      {{"state", "S"}, {"stack", {"kvm_arch_vcpu_ioctl_run+0x1/0x2", "kvm_vcpu_ioctl+0x1/0x2"}}}}}}}}),
	 ends(Status::hang, "had not ended after 2000 ms; it is blocked: KVM has put the guest to sleep", 0)},
	{"deadline missed, with the guest at a vector",
	 all({instead(0, {{"hang", {{"step", 0}, {"deadline_ms", 2000}, {"threads", {{{"state", "R"}}}}}}}),
	      [](Seen &s) {
		      Json line = run_step(0, 10);
		      line["deadline"] = true;
		      line["regs"]["pc"] = "0x200";
		      s.lines.push_back(line);
	      }}),
	 ends(Status::hang, "had not ended after 2000 ms; the guest took an exception: it is at the vector 0x200", 0)},
	{"deadline missed in a step that is not there", instead_of_all({{"hang", {{"step", 99}}}}),
	 ends(Status::hang, "step 99 had not ended", 99)},
	{"kernel died", cut_off(1, "crash", "Kernel panic"),
	 ends(Status::crash, "Kernel panic", 1)},
	{"oops that the kernel survived",
	 all({instead_of_all({{"trouble", "signal 11"}}),
	      at_end("kernel_log", {"Unable to handle kernel NULL pointer dereference at 8"})}),
	 ends(Status::crash, "Unable to handle kernel NULL pointer dereference at 8")},
	{"machine went silent", cut_off(0, "hang", "silent"), ends(Status::hang, "silent", 0)},

	// the harness
	{"QEMU killed", cut_off(3, "machine", "signal 9"), ends(Status::error, "signal 9", 3)},
	{"end of the case missing", cut_off(3, "complete", ""),
	 ends(Status::error, "no end of it", 3)},
	{"process of the case died", instead_of_all({{"trouble", "signal 11"}}),
	 ends(Status::error, "signal 11")},
	{"lines lost", [](Seen &s) { s.torn = true; },
	 ends(Status::error, "lost between the agent and the controller")},
	{"last step missing", erase(2), ends(Status::error, "step 2 is missing, not run")},
	{"step in the middle missing", erase(1),
	 ends(Status::error, "step 1 is run, not set_mp_state")},
	{"all steps missing", all({erase(2), erase(1), erase(0)}),
	 ends(Status::error, "step 0 is missing, not run")},
	{"step of another action", put(1, "/op", "init"),
	 ends(Status::error, "step 1 is init, not set_mp_state")},
	{"step of another number", put(1, "/step", 2),
	 ends(Status::error, "does not fit the case")},
	{"step of another round", put(1, "/round", 1),
	 ends(Status::error, "does not fit the case")},
	{"no KVM", all({never_begun, in_hello("kvm_trouble", "/dev/kvm: No such file")}),
	 ends(Status::error, "no usable KVM: /dev/kvm: No such file")},
	{"agent never greeted",
	 all({cut_off(0, "crash", "VFS"), never_begun, [](Seen &s) { s.hello.reset(); }}),
	 ends(Status::error, "did not get as far as the agent: VFS")},
	{"case never begun", never_begun, ends(Status::error, "it was not run")},
	{"session interrupted", all({cut_off(0, "machine", "interrupted"), never_begun}),
	 ends(Status::error, "it was not run: interrupted")},

	// the target
	{"agent found a requirement missing",
	 all({at_end("lacks", {"PSCI 1.0", "PSCI over SMC"}), erase(2), erase(1), erase(0)}),
	 ends(Status::skip, "lacks PSCI 1.0, PSCI over SMC")},
	{"agent found what must not be there",
	 all({at_end("lacks", {"the absence of PSCI 1.2"}), erase(2), erase(1), erase(0)}),
	 ends(Status::skip, "is for kernels without PSCI 1.2")},
	{"agent found both",
	 all({at_end("lacks", {"PSCI over SMC", "the absence of PSCI 1.2"}), erase(2), erase(1), erase(0)}),
	 ends(Status::skip, "lacks PSCI over SMC, and is for kernels without PSCI 1.2")},
	{"capability missing", in_hello("capabilities", Json::object()),
	 ends(Status::skip, "lacks KVM_CAP_SYSTEM_EVENT_DATA")},
	{"capability zero", in_hello("capabilities", {{"KVM_CAP_SYSTEM_EVENT_DATA", 0}}),
	 ends(Status::skip, "lacks KVM_CAP_SYSTEM_EVENT_DATA")},
	{"PSCI too old",
	 all({in_hello("psci_version", "0x2"), in_hello("smc_psci_version", "0x2")}),
	 ends(Status::skip, "lacks PSCI 1.0")},
	{"no SMC", in_hello("smc_psci_version", "0xffffffffffffffff"),
	 ends(Status::skip, "lacks PSCI over SMC")},

	{"another mode than asked for", [](Seen &s) { s.machine["kvm_mode"] = "vhe"; },
	 ends(Status::skip, "mode vhe was asked for, but this kernel runs KVM in mode nvhe there")},
	{"the mode asked for", [](Seen &s) { s.machine["kvm_mode"] = "nvhe"; },
	 ends(Status::pass, "")},
	{"a mode that the kernel does not tell",
	 all({[](Seen &s) { s.machine["kvm_mode"] = "vhe"; }, in_hello("kvm_log", Json::array())}),
	 ends(Status::pass, "")},
};

void expect_verdict(const Seen &seen, const Expected &expected)
{
	const Verdict v = judged(seen);
	EXPECT_EQ(v.status, expected.status) << shown(v);
	EXPECT_EQ(v.step, expected.step) << shown(v);
	EXPECT_NE(v.reason.find(expected.reason), std::string::npos) << shown(v);
	EXPECT_EQ(v.reason.empty(), v.status == Status::pass) << "all but a pass says why";
	ASSERT_EQ(!v.differences.empty(), expected.what != nullptr) << shown(v);
	if (expected.what) {
		EXPECT_EQ(v.differences[0].what, expected.what) << shown(v);
		EXPECT_EQ(v.differences[0].want, expected.want) << shown(v);
		EXPECT_EQ(v.differences[0].got, expected.got) << shown(v);
	}
}

TEST(Judge, EachMutationGetsItsVerdictAndItsWords)
{
	for (const Mutation &m : mutations) {
		SCOPED_TRACE(m.name);
		Seen seen = good();
		m.spoil(seen);
		expect_verdict(seen, m.expected);
	}
}

TEST(Judge, WarningOfTheKernelFailsWhateverUserspaceSaw)
{
	for (const char *line :
	     {"WARNING: CPU: 0 PID: 9 at psci.c:1", "BUG: KASAN: use-after-free in f",
	      "Internal error: Oops: 0000000096000004 [#1] PREEMPT SMP"}) {
		Seen seen = good();
		(*seen.end)["kernel_log"] = {"something harmless", line};
		expect_verdict(seen, {Status::fail, std::nullopt, "the kernel warned", "kernel log",
				      "no warning", line});
	}
}

TEST(Judge, RefusalBeforeTheFirstStepFails)
{
	Seen seen = good();
	only(seen, {{"setup", "KVM_CREATE_VCPU: Invalid argument"}, {"errno", 22}});
	expect_verdict(seen, {Status::fail, std::nullopt, "KVM_CREATE_VCPU: Invalid argument",
			      "errno", "OK (0)", "EINVAL (22)"});
}

TEST(Judge, AGuestIsBlockedOnlyIfAllOfItSleeps)
{
	Seen seen = good();
	only(seen, {{"hang", {{"step", 0}, {"deadline_ms", 2000},
			      {"threads", {{{"state", "S"}, {"stack", {"kvm_vcpu_ioctl+0x1/0x2"}}},
					   {{"state", "R"}, {"stack", {"kvm_vcpu_ioctl+0x1/0x2"}}}}}}}});
	EXPECT_EQ(judged(seen).reason, "step 0, run vCPU 0, had not ended after 2000 ms");
}

TEST(Judge, HangTellsWhatHadDifferedBefore)
{
	Seen seen = good();
	in_page(type, 2, 4)(seen);
	seen.lines[2] = {{"hang", {{"step", 2}, {"deadline_ms", 2000}}}};
	expect_verdict(seen, {Status::hang, 2, "before that, step 0 differed", "type", shutdown,
			      "KVM_SYSTEM_EVENT_RESET (2)"});
}

TEST(Judge, DifferenceOfACharacterisedCaseIsForReviewAndNothingElseChanges)
{
	for (const Mutation &m : mutations) {
		SCOPED_TRACE(m.name);
		Seen seen = good();
		m.spoil(seen);
		const Status status = m.expected.status;
		EXPECT_EQ(judged(seen, "characterised").status,
			  status == Status::fail ? Status::review : status);
	}
}

TEST(Judge, EveryStatusIsReached)
{
	std::set<std::string_view> reached = {"review"}; // by the test before
	for (const Mutation &m : mutations)
		reached.insert(name(m.expected.status));
	EXPECT_EQ(reached, (std::set<std::string_view>{"pass", "fail", "hang", "crash", "review",
						       "skip", "error"}));
	for (const Status s : {Status::fail, Status::hang, Status::crash})
		EXPECT_TRUE(is_failure(s));
	for (const Status s : {Status::pass, Status::review, Status::skip, Status::error, Status::known_fail, Status::fixed})
		EXPECT_FALSE(is_failure(s));
}

TEST(Judge, AllDifferencesOfTheFirstStepThatDiffersAreTold)
{
	Seen seen = good();
	poke(seen.lines[0], abi::system_event_type_offset, 2, 4);
	poke(seen.lines[0], abi::system_event_data_offset, 1, 8);
	seen.lines[0]["regs"]["x0"] = "0x0";
	seen.lines[0]["mp_states"] = {0, 0};
	seen.lines[2]["reports"] = Json::array();
	const Verdict v = judged(seen);
	std::vector<std::string> whats;
	for (const Difference &d : v.differences)
		whats.push_back(d.what);
	EXPECT_EQ(whats, (std::vector<std::string>{"type", "data[0]", "x0", "mp_state of vCPU 0",
						   "mp_state of vCPU 1"}));
	EXPECT_EQ(v.step, 0u);
}

TEST(Judge, FieldsOfTheEventAreNotReadUnderAnotherExitReason)
{
	Seen seen = good();
	poke(seen.lines[0], abi::exit_reason_offset, 57, 4); // whatever the union then means
	poke(seen.lines[0], abi::system_event_type_offset, 2, 4);
	const Verdict v = judged(seen);
	ASSERT_EQ(v.differences.size(), 1u) << shown(v);
	EXPECT_EQ(v.differences[0].what, "exit_reason");
}

TEST(Judge, FlippingAnyBitOfTheEventIsNoticedAndNoOtherByteIsLookedAt)
{
	const model::Case c = parsed(off_text);
	const model::Recording original = recorded(good());
	for (std::size_t byte = 0; byte < abi::kvm_run_size; byte++) {
		const bool compared = (byte >= 8 && byte < 12) || (byte >= 32 && byte < 288);
		for (int bit = 0; bit < 8; bit++) {
			model::Recording spoilt = original;
			spoilt.cases.at(name_of_case).steps[0].run->page[byte] ^=
				static_cast<std::uint8_t>(1 << bit);
			ASSERT_EQ(judge(c, spoilt, guests).status,
				  compared ? Status::fail : Status::pass)
				<< "byte " << byte << " bit " << bit;
		}
	}
}

TEST(Judge, FlippingAnyBitOfAComparedRegisterIsNoticed)
{
	const model::Case c = parsed(off_text);
	const model::Recording original = recorded(good());
	for (const auto &reg : abi::core_registers) {
		const bool compared = reg.name == "x0" || reg.name == "x19" || reg.name == "pc";
		for (int bit = 0; bit < 64; bit++) {
			model::Recording spoilt = original;
			auto &regs = spoilt.cases.at(name_of_case).steps[0].run->regs;
			regs[std::string(reg.name)] ^= std::uint64_t{1} << bit;
			ASSERT_EQ(judge(c, spoilt, guests).status,
				  compared ? Status::fail : Status::pass)
				<< reg.name << " bit " << bit;
		}
	}
}

/// One step of each kind, each with everything that it can compare.
constexpr char all_steps[] = R"({
	"title": "Everything", "status": "required", "rules": ["SE-OFF-01"], "catches": "c",
	"spec": [{ "doc": "a.rst", "section": "s", "sentence": "sha256:0123456789ab" }],
	"vcpus": [{ "guest": "off" }, { "guest": "off", "late": true }],
	"steps": [
		{ "enable_cap": "KVM_CAP_ARM_SYSTEM_SUSPEND" },
		{ "create": 1 },
		{ "init": 1, "expect": { "errno": "EINVAL" } },
		{ "set_mp_state": 0, "to": "KVM_MP_STATE_RUNNABLE" },
		{ "get_mp_state": 0, "expect": { "mp_state": "KVM_MP_STATE_RUNNABLE" } },
		{ "set_reg": 0, "reg": "pc", "to": "after_call" },
		{ "get_reg": 0, "reg": "pc", "expect": { "value": "after_call" } },
		{ "start": 1 },
		{ "wait": 1, "for": "progress" },
		{ "wait": 1, "for": "asleep" },
		{ "kick": 1, "expect": { "exit": "KVM_EXIT_INTR", "errno": "EINTR",
			"mp_states": { "1": "KVM_MP_STATE_RUNNABLE" } } },
		{ "run": 0, "until": "asleep",
		  "expect": { "errno": "EINTR", "regs": { "pc": "after_call" } } },
		{ "run": 0,
		  "expect": { "exit": "KVM_EXIT_HYPERCALL", "nr": "0x84000008", "flags": "0x1" } },
		{ "run": 0, "expect": { "one_of": [{ "errno": "EINTR" },
						   { "exit": "KVM_EXIT_MMIO", "reports": [] }] } },
		{ "calls": 0, "table": [
			{ "x0": "0x10", "to": "0x12",
			  "returns": ["PSCI_RET_DENIED", "0x1", "0x2", "0x3"] },
			{ "x0": "0x20", "returns": ["0x4", "0x1", "0x2", "0x3"] }] },
		{ "page": 0, "expect": { "bytes": [{ "at": 0, "count": 8, "are": "0x00" }] } },
		{ "count_regs": 0, "mask": "0xff", "match": "0x1", "expect": { "count": 2 } },
		{ "ioctl": "KVM_GET_MP_STATE", "of": "vcpu 0", "argument": ["u32:0x0"],
		  "expect": { "rc": "0x0", "rc_at_least": "0x0", "result": ["u32:0x5"] } },
		{ "ioctl": "KVM_RUN", "of": "vcpu 0", "number": "0x1",
		  "expect": { "errno": "EINVAL" } }
	] })";

Seen all_good()
{
	Seen seen;
	seen.hello = good().hello;
	const auto with = [](Json line, const Json &more) {
		line.update(more);
		return line;
	};
	const auto refused = [](Json line, int error) {
		line["rc"] = -1;
		line["errno"] = error;
		return line;
	};
	const auto outcome = [](const Json &reports) {
		return Json{{"errno", 0}, {"exit", 6}, {"reports", reports}};
	};
	Json hypercall = run_step(12, abi::exit_hypercall);
	for (std::size_t i = 0; i < 72; i += 8)
		poke(hypercall, abi::exit_union_offset + i, 0, 8);
	poke(hypercall, abi::hypercall_nr_offset, 0x84000008, 8);
	poke(hypercall, abi::hypercall_flags_offset, 1, 8);
	Json page = step(15, "page");
	page["bytes"] = "00*8 a5*2344";
	seen.lines = {
		step(0, "enable_cap"),
		step(1, "create"),
		refused(step(2, "init"), 22),
		step(3, "set_mp_state"),
		with(step(4, "get_mp_state"), {{"value", "0x0"}}),
		step(5, "set_reg"),
		with(step(6, "get_reg"), {{"value", hex(after_call)}}),
		step(7, "start"),
		with(step(8, "wait"), {{"returned", false}}),
		with(step(9, "wait"), {{"asleep", true}, {"returned", false}}),
		refused(run_step(10, 10, "kick"), 4),
		with(refused(run_step(11, 10), 4),
		     {{"asleep", true}, {"regs", {{"pc", hex(after_call)}}}}),
		hypercall,
		run_step(13, abi::exit_mmio),
		with(step(14, "calls"),
		     {{"calls",
		       {{{"first", "0x10"},
			 {"last", "0x12"},
			 {"outcome", outcome({"0xfffffffffffffffd", "0x1", "0x2", "0x3"})}},
			{{"first", "0x20"},
			 {"last", "0x20"},
			 {"outcome", outcome({"0x4", "0x1", "0x2", "0x3"})}}}}}),
		page,
		with(step(16, "count_regs"), {{"registers", {"0x1", "0x101"}}}),
		with(step(17, "ioctl"), {{"result", "05 00*3"}}),
		refused(step(18, "ioctl"), 22),
	};
	return seen;
}

TEST(Judge, EveryKindOfStepCanPass)
{
	const Verdict v = judge(parsed(all_steps), recorded(all_good()), guests);
	EXPECT_EQ(v.status, Status::pass) << shown(v);
}

TEST(Judge, EveryKindOfStepCanFail)
{
	const struct {
		std::size_t line;
		const char *pointer;
		Json value;
	} rows[] = {
		{4, "/value", "0x5"},
		{6, "/value", "0x40000008"},
		{8, "/returned", true},
		{9, "/returned", true},
		{10, "/mp_states/1", 5},
		{10, "/mp_states/1", nullptr},
		{11, "/asleep", false},
		{11, "/regs/pc", "0x40000000"},
		{13, "/reports", {"0x0"}},
		{14, "/calls/0/outcome/reports/0", "0x0"},
		{14, "/calls/0/outcome/reports/3", "0x0"},
		{14, "/calls/0/outcome/errno", 4},
		{14, "/calls/0/outcome/exit", 24},
		{14, "/calls/0/first", "0x11"},
		{14, "/calls/0/last", "0x11"},
		{14, "/calls/0/last", "0x13"},
		{14, "/calls/1/first", "0x21"},
		{14, "/calls/1/outcome/reports/0", "0x5"},
		{14, "/calls", Json::array()},
		{15, "/bytes", "00*7 a5*2345"},
		{15, "/bytes", "00*8"},
		{15, "/bytes", "zz"},
		{16, "/registers", {"0x1"}},
		{16, "/registers", {"0x1", "0x101", "0x201"}},
		{17, "/result", "00*4"},
		{17, "/result", ""},
		{17, "/rc", 1},
		{17, "/rc", -2},
	};
	for (const auto &row : rows) {
		Seen seen = all_good();
		seen.lines[row.line][Json::json_pointer(row.pointer)] = row.value;
		const Verdict v = judge(parsed(all_steps), recorded(seen), guests);
		EXPECT_EQ(v.status, Status::fail)
			<< row.line << row.pointer << " = " << row.value << "\n"
			<< shown(v);
		EXPECT_EQ(v.step, row.line) << row.pointer;
		EXPECT_FALSE(v.differences.empty());
	}
	for (std::size_t at = 0; at < abi::kvm_run_size; at += 8) { // the hypercall, word by word
		if (at != 8 && (at < 32 || at >= 104))
			continue;
		Seen seen = all_good();
		poke(seen.lines[12], at, 0x77, 8);
		EXPECT_EQ(judge(parsed(all_steps), recorded(seen), guests).step, 12u)
			<< "byte " << at;
	}
}

TEST(Judge, ErrorWhereNoneIsExpectedFailsAndTheOtherWayRound)
{
	const std::vector<Json> lines = all_good().lines;
	for (std::size_t i = 0; i < lines.size(); i++) {
		const std::string op = lines[i]["op"];
		if (op == "start" || op == "wait" || op == "calls" || op == "page")
			continue; // the agent's own doing, no answer of the kernel
		Seen seen = all_good();
		const bool refused = lines[i]["errno"] != 0;
		seen.lines[i]["errno"] = refused ? 0 : 22;
		seen.lines[i]["rc"] = refused ? 0 : -1;
		Verdict v = judge(parsed(all_steps), recorded(seen), guests);
		EXPECT_EQ(v.status, Status::fail) << i << " " << op;
		EXPECT_EQ(v.step, i) << op;
		if (!refused)
			continue;
		seen.lines[i]["errno"] = 11;
		seen.lines[i]["rc"] = -1;
		v = judge(parsed(all_steps), recorded(seen), guests);
		EXPECT_EQ(v.status, Status::fail) << i << " " << op << " with another errno";
	}
}

TEST(Judge, NoStepIsLeftOutOrAddedInTheMiddle)
{
	for (std::size_t i = 0; i < all_good().lines.size(); i++) {
		const auto at = static_cast<std::ptrdiff_t>(i);
		Seen seen = all_good();
		seen.lines.erase(seen.lines.begin() + at);
		EXPECT_EQ(judge(parsed(all_steps), recorded(seen), guests).status, Status::error)
			<< i;
		seen = all_good();
		seen.lines.insert(seen.lines.begin() + at, Json(seen.lines[i]));
		if (i + 1 < seen.lines.size() - 1) {
			EXPECT_EQ(judge(parsed(all_steps), recorded(seen), guests).status,
				  Status::error)
				<< i;
		}
	}
}

TEST(Judge, OneOfTheAllowedOutcomesIsEnough)
{
	Seen seen = all_good();
	seen.lines[13]["errno"] = 4;
	seen.lines[13]["rc"] = -1;
	EXPECT_EQ(judge(parsed(all_steps), recorded(seen), guests).status, Status::pass);

	seen.lines[13]["errno"] = 22;
	const Verdict v = judge(parsed(all_steps), recorded(seen), guests);
	EXPECT_EQ(v.status, Status::fail);
	EXPECT_NE(v.reason.find("none of the allowed outcomes"), std::string::npos) << shown(v);
}

TEST(Judge, EveryRoundIsJudged)
{
	std::string text = off_text;
	text.replace(text.find("\"steps\""), 7, "\"rounds\": 3, \"steps\"");
	const model::Case c = parsed(text);
	Seen seen = good();
	const std::vector<Json> one = seen.lines;
	seen.lines.clear();
	for (int round = 0; round < 3; round++) {
		for (Json line : one) {
			line["round"] = round;
			seen.lines.push_back(line);
		}
	}
	EXPECT_EQ(judge(c, recorded(seen), guests).status, Status::pass);

	Seen spoilt = seen;
	poke(spoilt.lines[6], abi::system_event_type_offset, 2, 4);
	const Verdict v = judge(c, recorded(spoilt), guests);
	EXPECT_EQ(v.status, Status::fail);
	EXPECT_EQ(v.step, 0u);
	EXPECT_NE(v.reason.find("in round 2"), std::string::npos) << v.reason;

	seen.lines.resize(6);
	EXPECT_EQ(judge(c, recorded(seen), guests).status, Status::error) << "a round is missing";
}

TEST(Judge, LabelInReportsIsTheAddress)
{
	std::string text = off_text;
	text.replace(text.find(R"("0x2"] })"), 5, R"("after_call")");
	Seen seen = good();
	seen.lines[2]["reports"][1] = hex(after_call);
	const Verdict v = judge(parsed(text), recorded(seen), guests);
	EXPECT_EQ(v.status, Status::pass) << shown(v);
}

TEST(Judge, StepsAreDescribedForAPerson)
{
	const model::Case c = parsed(all_steps);
	std::set<std::string> seen;
	for (const model::Step &s : c.steps) {
		EXPECT_EQ(describe(s).find(model::step_name(s)), 0u) << describe(s);
		seen.insert(describe(s));
	}
	EXPECT_TRUE(seen.contains("run vCPU 0"));
	EXPECT_TRUE(seen.contains("set_mp_state vCPU 0 to KVM_MP_STATE_RUNNABLE (0)"));
	EXPECT_TRUE(seen.contains("get_reg vCPU 0 pc"));
	EXPECT_TRUE(seen.contains("ioctl KVM_RUN of vcpu 0"));
}

TEST(Judge, RecordingOfNothingJudgesNothing)
{
	const Verdict v = judge(parsed(off_text), {}, guests);
	EXPECT_EQ(v.status, Status::error);
	EXPECT_EQ(v.reason, "it was not run");
}

// Wanted, and not so yet.

TEST(Judge, PositiveReturnOfKvmRunIsNotSuccess)
{
	Seen seen = good();
	seen.lines[0]["rc"] = 1;
	EXPECT_EQ(judged(seen).status, Status::fail);
}

TEST(Judge, WarningOfTheKernelIsRedInACharacterisedCaseThatDiffersToo)
{
	Seen seen = good();
	poke(seen.lines[0], 168, 0, 1);
	(*seen.end)["kernel_log"] = {"WARNING: CPU: 0 PID: 9 at psci.c:1"};
	EXPECT_EQ(judged(seen, "characterised").status, Status::fail);
}

TEST(Judge, KernelThatDiesInTheMiddleOfALineHasCrashed)
{
	Seen seen = good();
	seen.torn = true;
	seen.end.reset();
	seen.boot_end = {{"kind", "crash"}, {"reason", "Kernel panic"}, {"console", ""}};
	EXPECT_EQ(judged(seen).status, Status::crash);
}

TEST(Judge, ObservationThatIsMissingIsNoPass)
{
	const std::pair<std::size_t, const char *> rows[] = {
		{4, "value"}, {6, "value"}, {8, "returned"}, {9, "returned"}};
	for (const auto &[line, key] : rows) {
		Seen seen = all_good();
		seen.lines[line].erase(key);
		EXPECT_NE(judge(parsed(all_steps), recorded(seen), guests).status, Status::pass)
			<< line << key;
	}
}

TEST(Judge, CallThatDidNotReportAllRegistersIsNoPass)
{
	std::string text = all_steps;
	const auto at = text.find(R"("0x4", "0x1", "0x2", "0x3")");
	text.replace(at, 26, R"("0x0", "0x0", "0x0", "0x0")");
	Seen seen = all_good();
	seen.lines[14]["calls"][1]["outcome"]["reports"] =
		Json::array(); // an MMIO exit, but no report
	EXPECT_EQ(judge(parsed(text), recorded(seen), guests).status, Status::fail);
}

TEST(Judge, GreatestIdCanBeCalled)
{
	std::string text = all_steps;
	const auto at = text.find(R"("x0": "0x20")");
	text.replace(at, 12, R"("x0": "0xffffffffffffffff")");
	Seen seen = all_good();
	seen.lines[14]["calls"][1]["first"] = seen.lines[14]["calls"][1]["last"] =
		"0xffffffffffffffff";
	const Verdict v = judge(parsed(text), recorded(seen), guests);
	EXPECT_EQ(v.status, Status::pass) << shown(v);
}

TEST(Judge, StepsBehindTheLastAreNoPass)
{
	Seen seen = good();
	seen.lines.push_back(step(3, "init"));
	EXPECT_EQ(judged(seen).status, Status::error)
		<< "recorded with another version of the case";
}

TEST(Judge, FieldOfAWrongTypeIsNoException)
{
	Seen seen = all_good();
	seen.lines[8]["returned"] = "no";
	EXPECT_NO_THROW((void)judge(parsed(all_steps), recorded(seen), guests));
	seen = good();
	seen.machine["kvm_mode"] = 5;
	EXPECT_NO_THROW((void)judged(seen));
	seen = good();
	only(seen, {{"hang", "yes"}});
	EXPECT_NO_THROW((void)judged(seen));
}

} // namespace
} // namespace exit24::judge
