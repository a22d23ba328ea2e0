// SPDX-License-Identifier: GPL-2.0-only
#include "judge/judge.hpp"

#include "abi/kvm_run.hpp"
#include "abi/names.hpp"
#include "base/runs.hpp"

#include <algorithm>
#include <cstring>
#include <span>

namespace exit24::judge {

using model::Json;
using model::RunSeen;
using model::StepSeen;

std::string_view name(Status status)
{
	switch (status) {
	case Status::pass:
		return "pass";
	case Status::fail:
		return "fail";
	case Status::hang:
		return "hang";
	case Status::crash:
		return "crash";
	case Status::review:
		return "review";
	case Status::skip:
		return "skip";
	case Status::error:
		return "error";
	case Status::known_fail:
		return "known-fail";
	case Status::fixed:
		return "fixed";
	}
	return "error";
}

std::string describe(const model::Step &step)
{
	std::string text(model::step_name(step));
	std::visit(
		[&](const auto &s) {
			using T = std::decay_t<decltype(s)>;
			if constexpr (std::is_same_v<T, model::EnableCap>) {
				text += " " + abi::describe(abi::capabilities, s.capability) + " of VM " +
					std::to_string(s.vm);
			} else if constexpr (std::is_same_v<T, model::Ioctl>) {
				static constexpr const char *kinds[] = {"kvm", "vm ", "vcpu ", "gic "};
				text += " " + s.name + " of " + kinds[s.of.kind] +
					(s.of.kind == model::Target::kvm ? "" : std::to_string(s.of.number));
			} else {
				text += " vCPU " + std::to_string(s.vcpu);
				if constexpr (std::is_same_v<T, model::GetReg> || std::is_same_v<T, model::SetReg>)
					text += " " + s.reg;
				if constexpr (std::is_same_v<T, model::SetMpState>)
					text += " to " + abi::describe(abi::mp_states, s.to);
				if constexpr (std::is_same_v<T, model::Wait>)
					text += s.what == model::WaitFor::progress ? " for progress"
						: s.what == model::WaitFor::asleep ? " for sleep"
						: s.what == model::WaitFor::exit   ? " for its exit"
										   : " for rest";
				if constexpr (std::is_same_v<T, model::Run>)
					text += s.until_asleep ? " until asleep" : "";
			}
		},
		step);
	return text;
}

namespace {

constexpr std::size_t most_differences = 20; // of one step: enough to see a pattern

/// A flag of a line that the agent wrote, or somebody else.
bool flag(const model::Json &line, const char *key, bool otherwise)
{
	const auto it = line.find(key);
	return it != line.end() && it->is_boolean() ? it->get<bool>() : otherwise;
}

/// A number of such a line; 0 where it is of another type.
std::uint64_t number(const model::Json &line, const char *key)
{
	const auto it = line.is_object() ? line.find(key) : line.end();
	return it != line.end() && it->is_number_integer() ? it->get<std::uint64_t>() : 0;
}

/// Collects what differs in one step.
class Comparison {
public:
	Comparison(const model::Case &c, const model::Guests &guests, const StepSeen &seen)
		: case_(c), guests_(guests), seen_(seen)
	{
	}

	void operator()(const model::Run &s)
	{
		if (s.until_asleep)
			same("asleep in KVM_RUN", "yes", seen_.run && seen_.run->asleep == true ? "yes" : "no");
		exit(s.expect, s.vcpu);
	}
	void operator()(const model::Kick &s) { exit(s.expect, s.vcpu); }
	void operator()(const model::Start &) {}
	void operator()(const model::Wait &s)
	{
		if (s.what == model::WaitFor::exit || s.what == model::WaitFor::rest)
			return; // the deadline is the answer if it never comes
		const bool returned = flag(seen_.raw, "returned", true);
		same(s.what == model::WaitFor::progress ? "guest code runs" : "asleep in KVM_RUN", "yes",
		     returned ? "no, KVM_RUN returned" : "yes");
	}
	void operator()(const model::GetMpState &s)
	{
		if (s.until_kick)
			same("waits for KVM_RUN to end", "yes", flag(seen_.raw, "asleep", false) ? "yes" : "no");
		if (error(s.error) && s.mp_state && !seen_.value)
			differences.push_back({"mp_state", "a state", "none recorded"});
		else if (s.error == 0 && differences.empty() && s.mp_state)
			same("mp_state", abi::mp_states, *s.mp_state, *seen_.value);
	}
	void operator()(const model::GetReg &s)
	{
		if (error(s.error) && s.value && !seen_.value)
			differences.push_back({s.reg, "a value", "none recorded"});
		else if (s.error == 0 && differences.empty() && s.value)
			same_value(s.reg, *s.value, model::resolve(*s.value, case_, s.vcpu, guests_), *seen_.value);
	}
	void operator()(const model::SetMpState &s) { error(s.error); }
	void operator()(const model::SetReg &s) { error(s.error); }
	void operator()(const model::Init &s) { error(s.error); }
	void operator()(const model::EnableCap &s) { error(s.error); }
	void operator()(const model::Create &s) { error(s.error); }
	void operator()(const model::Calls &s);
	void operator()(const model::Ioctl &s);
	void operator()(const model::Page &s);
	void operator()(const model::CountRegs &s)
	{
		if (error(0))
			same("registers", {}, s.count, seen_.raw.value("registers", model::Json::array()).size());
	}

	std::vector<Difference> differences;
	std::string reason;

private:
	void same(const std::string &what, const std::string &want, const std::string &got)
	{
		if (want != got)
			differences.push_back({what, want, got});
	}

	void same(const std::string &what, abi::Names names, std::uint64_t want, std::uint64_t got)
	{
		if (want != got)
			differences.push_back({what, abi::describe(names, want), abi::describe(names, got)});
	}

	/// Register values: a name only where the case uses one, else every 0 would be PSCI_RET_SUCCESS.
	void same_value(const std::string &what, const model::Value &want, std::uint64_t number, std::uint64_t got)
	{
		if (number == got)
			return;
		const bool named = !want.text.starts_with("0x");
		differences.push_back({what, named ? want.text + " (" + hex(number) + ")" : hex(number),
				       got >> 32 == 0xffffffff ? abi::describe(abi::values, got) : hex(got)});
	}

	bool error(std::uint64_t want)
	{
		same("errno", abi::errnos, want, seen_.error);
		return want == seen_.error;
	}

	void exit(const model::ExitExpected &e, unsigned vcpu);
	void system_event(const model::ExitExpected::SystemEvent &want);
	void reports(const std::vector<model::Value> &want, unsigned vcpu);
	void hypercall(const model::ExitExpected::Hypercall &want);
	void bytes(const model::BytesExpected &want, std::span<const std::uint8_t> page);
	void name_the_kind(const model::ExitExpected &e);

	const model::Case &case_;
	const model::Guests &guests_;
	const StepSeen &seen_;
};

void Comparison::system_event(const model::ExitExpected::SystemEvent &want)
{
	const RunSeen &run = *seen_.run;
	const std::uint32_t ndata = run.u32(abi::system_event_ndata_offset);
	same("type", abi::system_event_types, want.type, run.u32(abi::system_event_type_offset));
	same("ndata", {}, want.ndata, ndata);
	for (std::size_t i = 0; i < std::min<std::size_t>(want.data.size(), ndata); i++)
		same_value("data[" + std::to_string(i) + "]", want.data[i], want.data[i].number,
			   run.u64(abi::system_event_data_offset + 8 * i));
}

void Comparison::reports(const std::vector<model::Value> &want, unsigned vcpu)
{
	const auto &got = seen_.run->reports;
	same("reports", std::to_string(want.size()), std::to_string(got.size()));
	for (std::size_t i = 0; i < std::min(want.size(), got.size()); i++)
		same_value("report " + std::to_string(i), want[i], model::resolve(want[i], case_, vcpu, guests_), got[i]);
}

void Comparison::hypercall(const model::ExitExpected::Hypercall &want)
{
	const RunSeen &run = *seen_.run;
	same_value("nr", want.nr, want.nr.number, run.u64(abi::hypercall_nr_offset));
	same_value("flags", want.flags, want.flags.number, run.u64(abi::hypercall_flags_offset));
	bytes({abi::hypercall_args_offset, 6 * 8, 0, "0x00"}, run.page); // args: the registers have them
	bytes({abi::hypercall_ret_offset, 8, 0, "0x00"}, run.page);
}

void Comparison::bytes(const model::BytesExpected &want, std::span<const std::uint8_t> page)
{
	const auto part = page.subspan(want.at, want.count);
	if (std::all_of(part.begin(), part.end(), [&](std::uint8_t byte) { return byte == want.byte; }))
		return;
	differences.push_back({"kvm_run bytes " + std::to_string(want.at) + ".." +
				       std::to_string(want.at + want.count - 1),
			       want.are == "untouched" ? "untouched (" + hex(want.byte) + ")" : "all " + want.are,
			       encode_runs(part)});
}

void Comparison::operator()(const model::Page &s)
{
	const auto page = decode_runs(seen_.raw.value("bytes", std::string()), abi::kvm_run_size);
	if (!page || page->size() != abi::kvm_run_size) {
		differences.push_back({"observation", "the kvm_run page", "none"});
		return;
	}
	for (const model::BytesExpected &b : s.bytes)
		bytes(b, *page);
}

void Comparison::operator()(const model::Calls &s)
{
	// The agent folds calls of consecutive ids with the same outcome into one entry: unfold them.
	std::vector<std::pair<std::uint64_t, model::Json>> seen;
	for (const model::Json &entry : seen_.raw.value("calls", model::Json::array())) {
		const std::uint64_t first = abi::parse_hex(entry.value("first", "")).value_or(1);
		const std::uint64_t last = abi::parse_hex(entry.value("last", "")).value_or(0);
		for (std::uint64_t n = 0; first <= last && n <= last - first && n < 4096; n++)
			seen.emplace_back(first + n, entry.value("outcome", model::Json::object()));
	}
	std::size_t at = 0;
	for (const model::Calls::Row &row : s.rows) {
		for (std::uint64_t n = 0; n <= row.last - row.first; n++, at++) {
			const std::uint64_t id = row.first + n;
			std::string what = "x0=" + hex(id);
			for (std::size_t i = 0; i < row.args.size(); i++)
				if (!row.args[i].text.empty())
					what += ", x" + std::to_string(i + 1) + "=" + row.args[i].text;
			if (differences.size() >= most_differences)
				return;
			if (at >= seen.size() || seen[at].first != id) {
				differences.push_back({what, "a call", "not made, the one before ended otherwise"});
				return;
			}
			const model::Json &outcome = seen[at].second;
			const auto exit_reason = outcome.value("exit", std::uint64_t{0});
			if (outcome.value("errno", 0) != 0 || exit_reason != abi::exit_mmio) {
				differences.push_back({what, "a return to the guest",
						       abi::describe(abi::exit_reasons, exit_reason) + ", errno " +
							       abi::describe(abi::errnos, outcome.value("errno", 0u))});
				return;
			}
			const auto reports = outcome.value("reports", std::vector<std::string>());
			same(what + ": reports", std::to_string(row.returns.size()), std::to_string(reports.size()));
			for (std::size_t i = 0; i < std::min(row.returns.size(), reports.size()); i++)
				same_value(what + ": x" + std::to_string(i), row.returns[i],
					   model::resolve(row.returns[i], case_, s.vcpu, guests_),
					   abi::parse_hex(reports[i]).value_or(0));
		}
	}
}

void Comparison::operator()(const model::Ioctl &s)
{
	if (!error(s.error) || s.error != 0)
		return;
	if (s.rc)
		same("return value", {}, *s.rc, static_cast<std::uint64_t>(seen_.rc));
	if (s.rc_at_least && seen_.rc < static_cast<std::int64_t>(*s.rc_at_least))
		differences.push_back({"return value", "at least " + hex(*s.rc_at_least),
				       hex(static_cast<std::uint64_t>(seen_.rc))});
	const auto result = decode_runs(seen_.raw.value("result", std::string()), 1 << 16);
	std::size_t at = 0;
	for (const model::Field &field : s.result) {
		at = (at + field.size - 1) / field.size * field.size;
		std::uint64_t got = 0;
		if (result && at + field.size <= result->size())
			std::memcpy(&got, result->data() + at, field.size);
		same("byte " + std::to_string(at), {}, field.value, got);
		at += field.size;
	}
}

/// Whether a guest is at one of its exception vectors: guests set none, so they begin at 0, where nothing is mapped.
bool at_a_vector(const RunSeen &run)
{
	constexpr std::uint64_t vectors_size = 0x800;
	const auto pc = run.regs.find("pc");
	return pc != run.regs.end() && pc->second != 0 && pc->second < vectors_size;
}

/// What it looks like to userspace when the event does not come as it should.
void Comparison::name_the_kind(const model::ExitExpected &e)
{
	if (e.exit_reason != abi::exit_system_event || e.error != 0 || differences.empty())
		return;
	const RunSeen &run = *seen_.run;
	const std::uint32_t got = run.u32(abi::exit_reason_offset);
	if (seen_.error != 0)
		reason = "KVM_RUN failed instead of reporting the event";
	else if (got == abi::exit_mmio && !run.reports.empty())
		reason = "the guest was resumed and saw " + abi::describe(abi::values, run.reports.front()) +
			 " instead of an exit";
	else if (at_a_vector(run))
		reason = "the guest took an exception instead of an exit";
	else if (got == abi::exit_mmio)
		reason = "the guest went astray instead of an exit";
	else if (got == 0)
		reason = "KVM_RUN returned without an exit reason";
	else if (got != abi::exit_system_event)
		reason = "KVM_RUN returned with another exit reason";
	else if (differences.front().what == "type")
		reason = "the event has the wrong type";
	else if (differences.front().what == "ndata" || differences.front().what.starts_with("data["))
		reason = "the event carries the wrong data";
	else if (differences.front().what.starts_with("kvm_run bytes"))
		reason = "bytes of kvm_run are not what they must be";
}

void Comparison::exit(const model::ExitExpected &e, unsigned vcpu)
{
	if (!seen_.run) {
		differences.push_back({"observation", "a KVM_RUN", "none"});
		return;
	}
	if (!e.one_of.empty()) {
		std::vector<Difference> nearest;
		for (const model::ExitExpected &alternative : e.one_of) {
			Comparison one(case_, guests_, seen_);
			one.exit(alternative, vcpu);
			if (one.differences.empty())
				return;
			if (nearest.empty() || one.differences.size() < nearest.size())
				nearest = one.differences;
		}
		reason = "none of the allowed outcomes; this is the nearest";
		differences.insert(differences.end(), nearest.begin(), nearest.end());
		return;
	}
	const RunSeen &run = *seen_.run;
	bool as_expected = error(e.error);
	if (as_expected && e.error == 0)
		same("return value", {}, 0, static_cast<std::uint64_t>(seen_.rc));
	if (e.exit_reason) {
		const std::uint32_t got = run.u32(abi::exit_reason_offset);
		same("exit_reason", abi::exit_reasons, *e.exit_reason, got);
		as_expected = as_expected && got == *e.exit_reason;
	}
	// the union's fields mean something only under their own exit reason
	if (as_expected && e.system_event)
		system_event(*e.system_event);
	if (as_expected && e.hypercall)
		hypercall(*e.hypercall);
	if (as_expected && e.reports)
		reports(*e.reports, vcpu);
	if (as_expected) {
		for (const model::RegisterValue &r : e.regs) {
			const auto got = run.regs.find(r.reg);
			same_value(r.reg, r.value, model::resolve(r.value, case_, vcpu, guests_),
				   got == run.regs.end() ? 0 : got->second);
		}
		for (const model::BytesExpected &b : e.bytes)
			bytes(b, run.page);
	}
	for (const auto &[other, want] : e.mp_states) {
		const auto got = other < run.mp_states.size() ? run.mp_states[other] : std::nullopt;
		if (!got)
			differences.push_back({"mp_state of vCPU " + std::to_string(other),
					       abi::describe(abi::mp_states, want), "not readable"});
		else
			same("mp_state of vCPU " + std::to_string(other), abi::mp_states, want, *got);
	}
	name_the_kind(e);
}

/// A warning in the kernel's log is a failure of its own, whatever userspace saw.
const std::string *kernel_warning(const std::vector<std::string> &log)
{
	for (const std::string &line : log)
		for (const char *mark : {"WARNING: ", "BUG: ", "Oops", "Internal error: "})
			if (line.find(mark) != std::string::npos)
				return &line;
	return nullptr;
}

Verdict error(const std::string &reason)
{
	return {Status::error, reason, std::nullopt, {}};
}

std::string list(const std::vector<std::string> &words)
{
	std::string out;
	for (const std::string &word : words)
		out += (out.empty() ? "" : ", ") + word;
	return out;
}

/// What of a case's requirements is not met: "lacks PSCI 1.1", "is for kernels without PSCI 1.2".
std::string not_met(const std::vector<std::string> &requirements)
{
	constexpr std::string_view absence = "the absence of ";
	std::vector<std::string> lacking, present;
	for (const std::string &one : requirements)
		if (one.starts_with(absence))
			present.push_back(one.substr(absence.size()));
		else
			lacking.push_back(one);
	std::string out = lacking.empty() ? "" : "lacks " + list(lacking);
	if (!present.empty())
		out += (out.empty() ? "is for kernels without " : ", and is for kernels without ") + list(present);
	return out;
}

/// A case that the agent never began.
Verdict not_begun(const model::Recording &recording)
{
	if (recording.boots.empty())
		return error("it was not run");
	const model::Boot &last = recording.boots.back();
	if (const std::string why = model::wrong_mode(last); !why.empty())
		return {Status::skip, why, std::nullopt, {}};
	if (last.hello && last.hello->kvm_trouble)
		return error("the target has no usable KVM: " + *last.hello->kvm_trouble);
	if (!last.hello)
		return error("the kernel did not get as far as the agent: " + last.end_reason);
	return error("it was not run: " + (last.end_reason.empty() ? "the session ended" : last.end_reason));
}

/// A case that began and never ended: its boot ended first.
Verdict cut_off(const model::CaseRun &run, const model::Boot &boot)
{
	Verdict v;
	v.reason = boot.end_reason;
	v.step = run.steps.size();
	if (boot.end == "crash")
		v.status = Status::crash;
	else if (boot.end == "hang")
		v.status = Status::hang;
	else if (v.reason.empty())
		v.reason = "the recording has no end of it";
	return v;
}

/// The verdict of the first of `count` steps, over all rounds, that is not as expected; none if all are.
std::optional<Verdict> compare_steps(const model::Case &c, const model::CaseRun &run, const model::Guests &guests,
				     std::size_t count)
{
	for (std::size_t i = 0; i < count; i++) {
		const std::size_t n = i % c.steps.size();
		const model::Step &step = c.steps[n];
		if (i >= run.steps.size() || run.steps[i].step != n || run.steps[i].round != i / c.steps.size() ||
		    run.steps[i].op != model::step_name(step))
			return error("the recording does not fit the case: step " + std::to_string(n) + " is " +
				     (i < run.steps.size() ? run.steps[i].op : "missing") + ", not " +
				     std::string(model::step_name(step)) + "; record it again");
		Comparison compare(c, guests, run.steps[i]);
		std::visit(compare, step);
		if (compare.differences.empty())
			continue;
		std::string reason = compare.reason.empty() ? "what was observed differs" : compare.reason;
		if (c.rounds > 1)
			reason += ", in round " + std::to_string(i / c.steps.size());
		return Verdict{c.characterised ? Status::review : Status::fail, reason, n,
			       std::move(compare.differences)};
	}
	return std::nullopt;
}

/// What happened while several cases ran side by side, if none of them has done it again alone: then each may
/// have done it, or all together.
std::optional<Verdict> judge_doubt(const model::Recording &recording, const std::string &name)
{
	for (const model::Doubt &d : recording.doubts) {
		const model::Boot &boot = recording.boots[d.boot];
		const bool died = d.kernel_log.empty();
		const std::string *line = died ? nullptr : kernel_warning(d.kernel_log);
		if (std::find(d.cases.begin(), d.cases.end(), name) == d.cases.end() ||
		    (died ? boot.end != "crash" && boot.end != "hang" : !line))
			continue;
		bool again = true, known = false;
		for (const std::string &other : d.cases) {
			const auto it = recording.cases.find(other);
			if (it == recording.cases.end() || it->second.boot <= d.boot) {
				again = false;
				continue;
			}
			const model::CaseRun &run = it->second;
			const std::string &end = recording.boots[run.boot].end;
			known = known || (died ? !run.ended && (end == "crash" || end == "hang") : kernel_warning(run.kernel_log) != nullptr);
		}
		if (known)
			continue;
		Verdict v;
		v.status = !died ? Status::fail : boot.end == "hang" ? Status::hang : Status::crash;
		v.reason = (died ? boot.end_reason : std::string("the kernel warned")) + ", while " + list(d.cases) +
			   " ran side by side; " +
			   (again ? "alone, none of them does that" : "they were not all run again alone");
		if (line)
			v.differences.push_back({"kernel log", "no warning", *line});
		return v;
	}
	return std::nullopt;
}

/// What keeps a vCPU that does not come out of KVM_RUN, by the agent's diagnosis and the registers it leaves when it
/// is made to; "" if that does not show.
std::string what_keeps_it(const model::CaseRun &run)
{
	const auto list_in = [](const Json &json, const char *key) {
		const auto it = json.is_object() ? json.find(key) : json.end();
		return it != json.end() && it->is_array() ? *it : Json::array();
	};
	std::size_t running = 0, asleep = 0; // threads inside KVM_RUN
	for (const Json &thread : list_in(*run.hang, "threads")) {
		const Json stack = list_in(thread, "stack");
		if (std::any_of(stack.begin(), stack.end(), [](const Json &function) {
			    return function.is_string() && function.get_ref<const std::string &>().starts_with("kvm_vcpu_ioctl+");
		    }))
			(thread.contains("state") && thread["state"] == "S" ? asleep : running)++;
	}
	if (asleep > 0 && running == 0)
		return "it is blocked: KVM has put the guest to sleep";
	for (const model::StepSeen &s : run.steps)
		if (s.run && flag(s.raw, "deadline", false) && at_a_vector(*s.run))
			return "the guest took an exception: it is at the vector " + hex(s.run->regs.at("pc"));
	return "";
}

} // namespace

Verdict judge(const model::Case &c, const model::Recording &recording, const model::Guests &guests)
{
	const auto it = recording.cases.find(c.name);
	if (it == recording.cases.end())
		return not_begun(recording);
	const model::CaseRun &run = it->second;
	const model::Boot &boot = recording.boots[run.boot];
	if (!boot.hello)
		return error("the agent's first line was lost, so what the target is is not known");
	if (run.torn && (run.ended || boot.end != "crash"))
		return error("lines of it were lost between the agent and the controller, twice");
	if (const std::string why = model::wrong_mode(boot); !why.empty())
		return {Status::skip, why, std::nullopt, {}};
	if (!run.lacks.empty())
		return {Status::skip, not_met(run.lacks), std::nullopt, {}};
	if (boot.hello)
		if (const auto lacks = model::missing(c.requires_, *boot.hello); !lacks.empty())
			return {Status::skip, not_met(lacks), std::nullopt, {}};
	if (auto v = judge_doubt(recording, c.name))
		return *v;
	if (!run.ended)
		return cut_off(run, boot);
	if (run.hang) {
		const std::size_t step = number(*run.hang, "step");
		const std::string where = step < c.steps.size() ? ", " + describe(c.steps[step]) + "," : "";
		Verdict v{Status::hang,
			  "step " + std::to_string(step) + where + " had not ended after " +
				  std::to_string(number(*run.hang, "deadline_ms")) + " ms",
			  step,
			  {}};
		if (const std::string what = what_keeps_it(run); !what.empty())
			v.reason += "; " + what;
		// what had gone wrong before may be the reason
		std::size_t finished = 0;
		while (finished < run.steps.size() && !flag(run.steps[finished].raw, "deadline", false))
			finished++;
		if (auto before = compare_steps(c, run, guests, finished); before && before->step) {
			v.reason += "; before that, step " + std::to_string(*before->step) + " differed";
			v.differences = std::move(before->differences);
		}
		return v;
	}
	if (run.trouble) {
		// a kernel that does not panic for an oops kills the process that met it
		for (const std::string &line : run.kernel_log)
			for (const char *mark : {"Unable to handle kernel", "kernel BUG at", "Internal error: "})
				if (line.find(mark) != std::string::npos)
					return {Status::crash, line, std::nullopt, {}};
		return error(*run.trouble);
	}
	if (run.setup) {
		static constexpr std::uint64_t enomem = 12;
		if (run.setup_error == enomem)
			return error(*run.setup);
		return {Status::fail,
			"the kernel refused what every VMM does before the first step: " + *run.setup,
			std::nullopt,
			{{"errno", "OK (0)", abi::describe(abi::errnos, run.setup_error)}}};
	}

	if (run.steps.size() > c.steps.size() * c.rounds)
		return error("the recording has more steps than the case; record it again");
	const auto difference = compare_steps(c, run, guests, c.steps.size() * c.rounds);
	if (difference && difference->status != Status::review)
		return *difference;
	if (const std::string *line = kernel_warning(run.kernel_log))
		return {Status::fail, "the kernel warned while it ran", std::nullopt,
			{{"kernel log", "no warning", *line}}};
	return difference.value_or(Verdict{Status::pass, "", std::nullopt, {}});
}

} // namespace exit24::judge
