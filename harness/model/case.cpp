// SPDX-License-Identifier: GPL-2.0-only
#include "model/case.hpp"

#include "abi/kvm_run.hpp"
#include "abi/names.hpp"
#include "model/reader.hpp"

#include <algorithm>
#include <charconv>

namespace exit24::model {

namespace {

constexpr std::size_t max_vcpus = 16; // one payload slot of guest memory each
constexpr std::size_t max_steps = 1000;

std::optional<std::uint64_t> parse_hex(std::string_view text)
{
	std::uint64_t number = 0;
	if (text.size() < 3 || text.size() > 18 || !text.starts_with("0x"))
		return std::nullopt;
	const auto r = std::from_chars(text.data() + 2, text.data() + text.size(), number, 16);
	if (r.ec != std::errc() || r.ptr != text.data() + text.size())
		return std::nullopt;
	return number;
}

std::uint64_t name(const Reader &reader, abi::Names names, const char *kind)
{
	const std::string text = reader.string();
	if (const auto value = abi::find(names, text))
		return *value;
	reader.fail("\"" + text + "\" is not " + kind);
}

bool is_identifier(std::string_view text)
{
	return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
		return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
	});
}

Value value(const Reader &reader, bool label_allowed = false)
{
	Value v;
	v.text = reader.string();
	if (const auto number = parse_hex(v.text)) {
		v.number = *number;
	} else if (const auto named = abi::find(abi::values, v.text)) {
		v.number = *named;
	} else if (label_allowed && is_identifier(v.text)) {
		v.is_label = true;
	} else {
		reader.fail("\"" + v.text + "\" is neither a hexadecimal number (\"0x1f\") nor a name exit24 knows" +
			    (label_allowed ? " nor a label" : ""));
	}
	return v;
}

std::string reg_name(const Reader &reader)
{
	name(reader, abi::core_registers, "a register (x0 to x30, sp, sp_el1, pc, pstate)");
	return reader.string();
}

std::vector<RegisterValue> registers(const Reader &reader)
{
	std::vector<RegisterValue> out;
	for (const auto &entry : reader.object()) {
		if (!abi::find(abi::core_registers, entry.first))
			reader.fail("\"" + entry.first + "\" is not a register (x0 to x30, sp, sp_el1, pc, pstate)");
		out.push_back({entry.first, value(reader.child(entry.first), entry.first == "pc")});
	}
	return out;
}

std::vector<std::string> features(const Reader &reader)
{
	for (const Reader &item : reader.array())
		name(item, abi::vcpu_features, "a vCPU feature (KVM_ARM_VCPU_*)");
	return reader.strings();
}

std::uint64_t error_name(const Reader &reader)
{
	const std::uint64_t error = name(reader, abi::errnos, "an errno name");
	if (error == 0)
		reader.fail("leave \"errno\" out where success is expected");
	return error;
}

BytesExpected bytes(Reader reader)
{
	BytesExpected b;
	b.at = reader.at("at").count(0, abi::kvm_run_size - 1);
	b.count = reader.at("count").count(1, abi::kvm_run_size - b.at);
	const Reader are = reader.at("are");
	b.are = are.string();
	const auto number = parse_hex(b.are);
	if (b.are == "untouched")
		b.byte = abi::poison_byte;
	else if (number && *number <= 0xff)
		b.byte = static_cast<std::uint8_t>(*number);
	else
		are.fail("must be \"untouched\" or one byte, \"0x00\" to \"0xff\"");
	reader.finish();
	return b;
}

ExitExpected exit_expected(Reader reader, std::size_t vcpus)
{
	ExitExpected e;
	if (const auto r = reader.find("errno"))
		e.error = error_name(*r);
	if (const auto r = reader.find("exit"))
		e.exit_reason = name(*r, abi::exit_reasons, "an exit reason (KVM_EXIT_*)");
	else if (!reader.has("errno"))
		reader.fail("needs \"exit\", the exit reason, or \"errno\"");

	if (e.exit_reason == abi::exit_system_event && e.error == 0) {
		ExitExpected::SystemEvent event;
		event.type = name(reader.at("type"), abi::system_event_types, "an event type (KVM_SYSTEM_EVENT_*)");
		event.ndata = reader.at("ndata").count(0, abi::system_event_data_words);
		const Reader data = reader.at("data");
		for (const Reader &word : data.array())
			event.data.push_back(value(word));
		if (event.data.size() != event.ndata)
			data.fail("must have exactly ndata words");
		e.system_event = event;
	}
	if (e.exit_reason == abi::exit_mmio && e.error == 0) {
		e.reports.emplace();
		for (const Reader &word : reader.at("reports").array())
			e.reports->push_back(value(word));
	}
	if (const auto r = reader.find("regs"))
		e.regs = registers(*r);
	if (const auto r = reader.find("mp_states")) {
		for (const auto &entry : r->object()) {
			unsigned vcpu = 0;
			const auto &key = entry.first;
			const auto end = key.data() + key.size();
			const auto parsed = std::from_chars(key.data(), end, vcpu);
			if (parsed.ec != std::errc() || parsed.ptr != end || vcpu >= vcpus)
				r->fail("\"" + key + "\" is not the number of a vCPU of this case");
			e.mp_states[vcpu] = name(r->child(key), abi::mp_states, "an MP state (KVM_MP_STATE_*)");
		}
	}
	if (const auto r = reader.find("bytes"))
		for (const Reader &item : r->array())
			e.bytes.push_back(bytes(item));
	reader.finish();
	return e;
}

/// The `expect` of a step whose only question is whether it succeeded.
std::uint64_t error_expected(Reader &step)
{
	auto expect = step.find("expect");
	if (!expect)
		return 0;
	const std::uint64_t error = error_name(expect->at("errno"));
	expect->finish();
	return error;
}

/// Builds one step; `vcpu` is the number behind the action key.
using Builder = std::function<Step(Reader &step, const Reader &action, const Case &)>;

unsigned vcpu_number(const Reader &action, const Case &c)
{
	return static_cast<unsigned>(action.count(0, c.vcpus.size() - 1));
}

Step read_run(Reader &step, const Reader &action, const Case &c)
{
	Run run;
	run.vcpu = vcpu_number(action, c);
	if (const auto r = step.find("until")) {
		if (r->string() != "asleep")
			r->fail("must be \"asleep\"; a plain run ends when KVM_RUN returns");
		run.until_asleep = true;
	}
	if (const auto r = step.find("reports"))
		run.reports = static_cast<unsigned>(r->count(1, 64));
	if (run.until_asleep && run.reports)
		step.fail("\"until\" and \"reports\" do not go together");
	run.expect = exit_expected(step.at("expect"), c.vcpus.size());
	return run;
}

Step read_wait(Reader &step, const Reader &action, const Case &c)
{
	const Reader what = step.at("for");
	const std::string text = what.string();
	if (text != "progress" && text != "asleep")
		what.fail("must be \"progress\" or \"asleep\"");
	return Wait{vcpu_number(action, c), text == "progress"};
}

Step read_get_mp_state(Reader &step, const Reader &action, const Case &c)
{
	GetMpState get;
	get.vcpu = vcpu_number(action, c);
	Reader expect = step.at("expect");
	if (const auto r = expect.find("errno"))
		get.error = error_name(*r);
	else
		get.mp_state = name(expect.at("mp_state"), abi::mp_states, "an MP state (KVM_MP_STATE_*)");
	expect.finish();
	return get;
}

Step read_get_reg(Reader &step, const Reader &action, const Case &c)
{
	GetReg get;
	get.vcpu = vcpu_number(action, c);
	get.reg = reg_name(step.at("reg"));
	Reader expect = step.at("expect");
	if (const auto r = expect.find("errno"))
		get.error = error_name(*r);
	else
		get.value = value(expect.at("value"), get.reg == "pc");
	expect.finish();
	return get;
}

Step read_set_reg(Reader &step, const Reader &action, const Case &c)
{
	SetReg set;
	set.vcpu = vcpu_number(action, c);
	set.reg = reg_name(step.at("reg"));
	set.to = value(step.at("to"), set.reg == "pc");
	set.error = error_expected(step);
	return set;
}

Step read_set_mp_state(Reader &step, const Reader &action, const Case &c)
{
	SetMpState set;
	set.vcpu = vcpu_number(action, c);
	set.to = name(step.at("to"), abi::mp_states, "an MP state (KVM_MP_STATE_*)");
	set.error = error_expected(step);
	return set;
}

Step read_init(Reader &step, const Reader &action, const Case &c)
{
	Init init;
	init.vcpu = vcpu_number(action, c);
	if (const auto r = step.find("features"))
		init.features = features(*r);
	init.error = error_expected(step);
	return init;
}

Step read_enable_cap(Reader &step, const Reader &action, const Case &c)
{
	EnableCap enable;
	enable.capability = name(action, abi::capabilities, "a capability (KVM_CAP_*)");
	if (const auto r = step.find("vm"))
		enable.vm = static_cast<unsigned>(r->count(0, c.vms() - 1));
	enable.error = error_expected(step);
	return enable;
}

const struct {
	const char *action;
	Builder build;
} step_kinds[] = {
	// in the order of the alternatives of Step
	{"run", read_run},
	{"start", [](Reader &, const Reader &a, const Case &c) -> Step { return Start{vcpu_number(a, c)}; }},
	{"wait", read_wait},
	{"kick",
	 [](Reader &s, const Reader &a, const Case &c) -> Step {
		 return Kick{vcpu_number(a, c), exit_expected(s.at("expect"), c.vcpus.size())};
	 }},
	{"get_mp_state", read_get_mp_state},
	{"set_mp_state", read_set_mp_state},
	{"get_reg", read_get_reg},
	{"set_reg", read_set_reg},
	{"init", read_init},
	{"enable_cap", read_enable_cap},
};
static_assert(std::size(step_kinds) == std::variant_size_v<Step>);

Step read_step(Reader reader, const Case &c)
{
	for (const auto &kind : step_kinds) {
		if (!reader.has(kind.action))
			continue;
		const Reader action = reader.at(kind.action);
		Step step = kind.build(reader, action, c);
		reader.finish();
		return step;
	}
	std::string known;
	for (const auto &kind : step_kinds)
		known += (known.empty() ? "" : ", ") + std::string(kind.action);
	reader.fail("no action; known are " + known);
}

/// The steps of a vCPU must make sense in their order: kick and wait need a start before them.
void check_order(const Case &c, const std::vector<Reader> &readers)
{
	std::vector<bool> started(c.vcpus.size(), false);
	for (std::size_t i = 0; i < c.steps.size(); i++) {
		std::visit(
			[&](const auto &step) {
				using T = std::decay_t<decltype(step)>;
				if constexpr (std::is_same_v<T, EnableCap>)
					return;
				else if constexpr (std::is_same_v<T, Wait> || std::is_same_v<T, Kick>) {
					if (!started[step.vcpu])
						readers[i].fail("vCPU " + std::to_string(step.vcpu) +
								" has not been started before this step");
					if constexpr (std::is_same_v<T, Kick>)
						started[step.vcpu] = false;
				} else {
					// these take vcpu->mutex, which a KVM_RUN in progress holds
					if (started[step.vcpu])
						readers[i].fail("vCPU " + std::to_string(step.vcpu) +
								" is inside KVM_RUN; kick it first");
					if constexpr (std::is_same_v<T, Start>)
						started[step.vcpu] = true;
				}
			},
			c.steps[i]);
	}
}

bool is_sentence_hash(const std::string &text)
{
	return text.size() == 19 && text.starts_with("sha256:") &&
	       text.find_first_not_of("0123456789abcdef", 7) == std::string::npos;
}

/// "SE-", two or three letters or digits, "-", two digits
bool is_rule(std::string_view text)
{
	static constexpr std::string_view capital = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", digit = "0123456789";
	const auto dash = text.rfind('-');
	return (text.size() == 8 || text.size() == 9) && text.starts_with("SE-") && dash == text.size() - 3 &&
	       text.substr(3, dash - 3).find_first_not_of(capital) == std::string_view::npos &&
	       text.substr(dash + 1).find_first_not_of(digit) == std::string_view::npos;
}

std::string sentence(const Reader &reader)
{
	if (reader.string().empty())
		reader.fail("must not be empty");
	return reader.string();
}

Case read_case(std::string case_name, Reader reader)
{
	Case c;
	c.name = std::move(case_name);
	if (const auto r = reader.find("$schema"))
		(void)r->string();

	const Reader title = reader.at("title");
	c.title = title.string();
	if (c.title.empty() || c.title.size() > 80)
		title.fail("must have 1 to 80 characters");
	for (const char *hedge : {"should", "Should", "test that", "Test that"})
		if (c.title.find(hedge) != std::string::npos)
			title.fail(std::string("says what holds, without \"") + hedge + "\"");

	const Reader status = reader.at("status");
	if (status.string() != "required" && status.string() != "characterised")
		status.fail("must be \"required\" or \"characterised\"");
	c.characterised = status.string() == "characterised";

	const Reader rules = reader.at("rules");
	c.rules = rules.strings();
	if (c.rules.empty())
		rules.fail("must name at least one rule");
	for (const Reader &rule : rules.array())
		if (!is_rule(rule.string()))
			rule.fail("must be the id of a rule, such as \"SE-OFF-01\"");
	c.catches = sentence(reader.at("catches"));
	if (const auto r = reader.find("hurts"))
		c.hurts = sentence(*r);

	const Reader spec = reader.at("spec");
	for (Reader item : spec.array()) {
		Citation cite;
		cite.doc = sentence(item.at("doc"));
		cite.section = sentence(item.at("section"));
		const Reader hash = item.at("sentence");
		if (!is_sentence_hash(hash.string()))
			hash.fail("must be \"sha256:\" and 12 hexadecimal digits");
		cite.sentence = hash.string().substr(7);
		item.finish();
		c.spec.push_back(cite);
	}
	if (c.spec.empty())
		spec.fail("must cite at least one sentence");

	if (auto r = reader.find("requires")) {
		if (const auto caps = r->find("capabilities")) {
			for (const Reader &cap : caps->array())
				name(cap, abi::capabilities, "a capability (KVM_CAP_*)");
			c.requires_.capabilities = caps->strings();
		}
		if (const auto version = r->find("psci_version")) {
			if (!psci_version_value(version->string()))
				version->fail("must be a version such as \"1.1\"");
			c.requires_.psci_version = version->string();
		}
		if (const auto conduit = r->find("conduit")) {
			if (conduit->string() != "smc")
				conduit->fail("must be \"smc\"; HVC needs nothing");
			c.requires_.smc = true;
		}
		r->finish();
	}

	const Reader vcpus = reader.at("vcpus");
	for (Reader item : vcpus.array()) {
		VcpuSpec v;
		const Reader guest = item.at("guest");
		v.guest = guest.string();
		if (!is_identifier(v.guest))
			guest.fail("must be the name of a payload in guests/: lower case letters, digits and _");
		if (const auto r = item.find("entry")) {
			v.entry = r->string();
			if (!is_identifier(v.entry))
				r->fail("must be a label of the payload: lower case letters, digits and _");
		}
		if (const auto r = item.find("features"))
			v.features = features(*r);
		else
			v.features = {"KVM_ARM_VCPU_PSCI_0_2"};
		if (const auto r = item.find("regs"))
			v.regs = registers(*r);
		if (const auto r = item.find("vm")) {
			v.vm = static_cast<unsigned>(r->count(0, max_vcpus - 1));
			if (v.vm > c.vms())
				r->fail("VMs are numbered from 0 without gaps");
		}
		item.finish();
		c.vcpus.push_back(std::move(v));
	}
	if (c.vcpus.empty() || c.vcpus.size() > max_vcpus)
		vcpus.fail("must have 1 to " + std::to_string(max_vcpus) + " vCPUs");

	const Reader steps = reader.at("steps");
	const auto items = steps.array();
	if (items.empty() || items.size() > max_steps)
		steps.fail("must have 1 to " + std::to_string(max_steps) + " steps");
	for (const Reader &item : items)
		c.steps.push_back(read_step(item, c));
	check_order(c, items);

	if (const auto r = reader.find("deadline_ms"))
		c.deadline_ms = static_cast<unsigned>(r->count(1, 60000));
	reader.finish();
	return c;
}

} // namespace

std::string_view step_name(const Step &step)
{
	return step_kinds[step.index()].action;
}

unsigned Case::vms() const
{
	unsigned n = 0;
	for (const VcpuSpec &v : vcpus)
		n = std::max(n, v.vm + 1);
	return n;
}

std::optional<std::uint64_t> psci_version_value(std::string_view text)
{
	std::uint32_t major = 0, minor = 0;
	const char *const end = text.data() + text.size();
	const auto a = std::from_chars(text.data(), end, major);
	if (a.ec != std::errc() || a.ptr == end || *a.ptr != '.')
		return std::nullopt;
	const auto b = std::from_chars(a.ptr + 1, end, minor);
	if (b.ec != std::errc() || b.ptr != end || major > 0x7fff || minor > 0xffff)
		return std::nullopt;
	return std::uint64_t{major} << 16 | minor;
}

Result<Case> parse_case(std::string case_name, const std::string &file, std::string_view text)
{
	try {
		const Json json = parse_strict(text);
		return read_case(std::move(case_name), Reader(json));
	} catch (const Malformed &m) {
		const std::string place = m.pointer.empty() ? "" : " at " + m.pointer;
		return Error{file + place + ": " + m.reason};
	}
}

} // namespace exit24::model
