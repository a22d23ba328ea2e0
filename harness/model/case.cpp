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
constexpr std::size_t max_calls = 1024;

std::uint64_t name(const Reader &reader, abi::Names names, const char *kind)
{
	const std::string text = reader.string();
	if (const auto value = abi::find(names, text))
		return *value;
	reader.fail("\"" + text + "\" is not " + kind);
}

bool is_identifier(std::string_view text)
{
	return !text.empty() && text.size() <= 64 && (text[0] < '0' || text[0] > '9') && std::all_of(text.begin(), text.end(), [](char c) {
		return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
	});
}

/// "label" or "1:label", with the number of a vCPU of the case
bool read_label(Value &v)
{
	std::string_view text = v.text;
	const auto colon = text.find(':');
	if (colon != std::string_view::npos) {
		unsigned vcpu = 0;
		const auto r = std::from_chars(text.data(), text.data() + colon, vcpu);
		if (r.ec != std::errc() || text.substr(0, colon) != std::to_string(vcpu) || vcpu >= max_vcpus)
			return false;
		v.vcpu = vcpu;
		text.remove_prefix(colon + 1);
	}
	v.label = text;
	return is_identifier(text);
}

Value value(const Reader &reader)
{
	Value v;
	v.text = reader.string();
	if (const auto number = abi::parse_hex(v.text))
		v.number = *number;
	else if (const auto named = abi::find(abi::values, v.text))
		v.number = *named;
	else if (!read_label(v))
		reader.fail("\"" + v.text + "\" is neither a hexadecimal number (\"0x1f\") nor a name exit24 knows "
			    "nor a label (\"after_call\", \"1:_start\")");
	return v;
}

/// A value that is no place in a payload.
Value number(const Reader &reader)
{
	Value v = value(reader);
	if (v.is_label())
		reader.fail("\"" + v.text + "\" is a label; here it must be a hexadecimal number (\"0x1f\") or a name");
	return v;
}

std::vector<Value> value_list(const Reader &reader, std::size_t most)
{
	std::vector<Value> out;
	for (const Reader &item : reader.array())
		out.push_back(value(item));
	if (out.size() > most)
		reader.fail("must have at most " + std::to_string(most) + " values");
	return out;
}

std::string reg_name(const Reader &reader, const std::string &text)
{
	if (!abi::register_id(text))
		reader.fail("\"" + text + "\" is not a register: x0 to x30, sp, sp_el1, pc, pstate, one of the names in "
			    "cases/README.md, or an id \"0x6030...\"");
	return text;
}

std::vector<RegisterValue> registers(const Reader &reader)
{
	std::vector<RegisterValue> out;
	for (const auto &entry : reader.object())
		out.push_back({reg_name(reader, entry.first), value(reader.child(entry.first))});
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
	const auto number = abi::parse_hex(b.are);
	if (b.are == "untouched")
		b.byte = abi::poison_byte;
	else if (number && *number <= 0xff)
		b.byte = static_cast<std::uint8_t>(*number);
	else
		are.fail("must be \"untouched\" or one byte, \"0x00\" to \"0xff\"");
	reader.finish();
	return b;
}

std::vector<BytesExpected> bytes_list(const Reader &reader)
{
	std::vector<BytesExpected> out;
	for (const Reader &item : reader.array())
		out.push_back(bytes(item));
	return out;
}

/// Registers that are read at every exit.
std::vector<RegisterValue> exit_registers(const Reader &reader)
{
	for (const auto &entry : reader.object())
		if (!abi::find(abi::core_registers, entry.first))
			reader.fail("\"" + entry.first + "\" is not read at an exit (x0 to x30, sp, sp_el1, pc and pstate "
				    "are); use get_reg");
	return registers(reader);
}

ExitExpected exit_expected(Reader reader, std::size_t vcpus)
{
	ExitExpected e;
	if (const auto r = reader.find("one_of")) {
		for (const Reader &item : r->array())
			e.one_of.push_back(exit_expected(item, vcpus));
		if (e.one_of.size() < 2)
			r->fail("must have at least two alternatives");
		reader.finish();
		return e;
	}
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
		for (const Reader &item : data.array())
			event.data.push_back(number(item));
		if (event.data.size() != event.ndata)
			data.fail("must have exactly ndata words");
		e.system_event = event;
	}
	if (e.exit_reason == abi::exit_hypercall && e.error == 0)
		e.hypercall = {number(reader.at("nr")), number(reader.at("flags"))};
	if (e.exit_reason == abi::exit_mmio && e.error == 0)
		e.reports = value_list(reader.at("reports"), 64);
	if (const auto r = reader.find("regs"))
		e.regs = exit_registers(*r);
	if (const auto r = reader.find("mp_states")) {
		for (const auto &entry : r->object()) {
			unsigned vcpu = 0;
			const auto &key = entry.first;
			const auto parsed = std::from_chars(key.data(), key.data() + key.size(), vcpu);
			if (parsed.ec != std::errc() || key != std::to_string(vcpu) || vcpu >= vcpus)
				r->fail("\"" + key + "\" is not the number of a vCPU of this case");
			e.mp_states[vcpu] = name(r->child(key), abi::mp_states, "an MP state (KVM_MP_STATE_*)");
		}
	}
	if (const auto r = reader.find("bytes"))
		e.bytes = bytes_list(*r);
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
	if (const auto r = step.find("immediate_exit"))
		run.immediate_exit = r->boolean();
	if (const auto r = step.find("signal")) {
		if (r->string() != "blocked" && r->string() != "unblocked")
			r->fail("must be \"blocked\" or \"unblocked\", by the mask of KVM_SET_SIGNAL_MASK");
		run.signal = r->string() == "blocked" ? Signal::blocked : Signal::unblocked;
	}
	if (run.until_asleep && (run.reports || run.immediate_exit || run.signal != Signal::none))
		step.fail("\"until\" goes with no other way to end a run");
	run.expect = exit_expected(step.at("expect"), c.vcpus.size());
	return run;
}

Step read_wait(Reader &step, const Reader &action, const Case &c)
{
	Wait wait;
	wait.vcpu = vcpu_number(action, c);
	const Reader what = step.at("for");
	const std::string text = what.string();
	if (text == "progress")
		wait.what = WaitFor::progress;
	else if (text == "asleep")
		wait.what = WaitFor::asleep;
	else if (text == "exit")
		wait.what = WaitFor::exit;
	else if (text == "rest")
		wait.what = WaitFor::rest;
	else
		what.fail("must be \"progress\", \"asleep\", \"exit\" or \"rest\"");
	if (const auto r = step.find("or")) {
		if (wait.what != WaitFor::exit)
			r->fail("only goes with \"for\": \"exit\"");
		for (const Reader &item : r->array())
			wait.or_vcpus.push_back(vcpu_number(item, c));
	}
	return wait;
}

Step read_get_mp_state(Reader &step, const Reader &action, const Case &c)
{
	GetMpState get;
	get.vcpu = vcpu_number(action, c);
	if (const auto r = step.find("until")) {
		if (r->string() != "kick")
			r->fail("must be \"kick\"");
		get.until_kick = true;
	}
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
	const Reader reg = step.at("reg");
	get.reg = reg_name(reg, reg.string());
	Reader expect = step.at("expect");
	if (const auto r = expect.find("errno"))
		get.error = error_name(*r);
	else
		get.value = value(expect.at("value"));
	expect.finish();
	return get;
}

Step read_set_reg(Reader &step, const Reader &action, const Case &c)
{
	SetReg set;
	set.vcpu = vcpu_number(action, c);
	const Reader reg = step.at("reg");
	set.reg = reg_name(reg, reg.string());
	set.to = value(step.at("to"));
	set.error = error_expected(step);
	return set;
}

Step read_set_mp_state(Reader &step, const Reader &action, const Case &c)
{
	SetMpState set;
	set.vcpu = vcpu_number(action, c);
	const Reader to = step.at("to");
	const auto number = abi::parse_hex(to.string());
	set.to = number ? *number : name(to, abi::mp_states, "an MP state (KVM_MP_STATE_* or a number)");
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
		enable.vm = static_cast<unsigned>(r->count(0, c.vms.size() - 1));
	enable.error = error_expected(step);
	return enable;
}

Step read_calls(Reader &step, const Reader &action, const Case &c)
{
	Calls calls;
	calls.vcpu = vcpu_number(action, c);
	const Reader table = step.at("table");
	std::uint64_t total = 0;
	for (Reader item : table.array()) {
		Calls::Row row;
		row.first = row.last = number(item.at("x0")).number;
		if (auto to = item.find("to")) {
			row.last = number(*to).number;
			if (row.last < row.first || row.last - row.first >= max_calls)
				to->fail("must be a number from x0 to " + std::to_string(max_calls - 1) + " more");
		}
		for (const char *arg : {"x1", "x2", "x3"}) {
			row.args.emplace_back();
			if (const auto r = item.find(arg))
				row.args.back() = value(*r);
		}
		const Reader returns = item.at("returns");
		row.returns = value_list(returns, 4);
		if (row.returns.size() != 4)
			returns.fail("must have the four values of x0 to x3");
		item.finish();
		total += row.last - row.first + 1;
		calls.rows.push_back(std::move(row));
	}
	if (calls.rows.empty() || total > max_calls)
		table.fail("must have 1 to " + std::to_string(max_calls) + " calls");
	return calls;
}

/// "u32:0x1f", "u64:PSCI_RET_SUCCESS", "preferred_target", "data"
Field field(const Reader &reader)
{
	const std::string text = reader.string();
	if (text == "preferred_target")
		return {Field::preferred_target, 4, 0};
	if (text == "data")
		return {Field::data_address, 8, 0};
	static constexpr std::pair<std::string_view, unsigned> kinds[] = {
		{"u8:", 1}, {"u16:", 2}, {"u32:", 4}, {"u64:", 8}};
	for (const auto &[prefix, size] : kinds) {
		if (!text.starts_with(prefix))
			continue;
		const std::string_view rest = std::string_view(text).substr(prefix.size());
		std::optional<std::uint64_t> number = abi::parse_hex(rest);
		for (const abi::Names names : {abi::values, abi::capabilities, abi::mp_states})
			if (!number)
				number = abi::find(names, rest);
		if (number && (size == 8 || *number >> (8 * size) == 0))
			return {Field::number, size, *number};
	}
	reader.fail("must be \"u8:\", \"u16:\", \"u32:\" or \"u64:\" and a number that fits, \"preferred_target\" or "
		    "\"data\"");
}

std::vector<Field> fields(const Reader &reader)
{
	std::vector<Field> out;
	for (const Reader &item : reader.array())
		out.push_back(field(item));
	if (out.size() > 64)
		reader.fail("must have at most 64 fields");
	return out;
}

/// "kvm", "vm 0", "vcpu 1", "gic 0"
Target target(const Reader &reader, const Case &c)
{
	const std::string text = reader.string();
	if (text == "kvm")
		return {Target::kvm, 0};
	const auto read = [&](std::string_view prefix, std::size_t most) -> std::optional<unsigned> {
		for (unsigned number = 0; number < most; number++)
			if (text == std::string(prefix) + std::to_string(number))
				return number;
		return std::nullopt;
	};
	if (const auto n = read("vm ", c.vms.size()))
		return {Target::vm, *n};
	if (const auto n = read("vcpu ", c.vcpus.size()))
		return {Target::vcpu, *n};
	if (const auto n = read("gic ", c.vms.size()); n && c.vms[*n].gic != "none")
		return {Target::gic, *n};
	reader.fail("must be \"kvm\", \"vm N\", \"vcpu N\" or \"gic N\" of this case");
}

Step read_ioctl(Reader &step, const Reader &action, const Case &c)
{
	Ioctl io;
	name(action, abi::ioctls, "an ioctl that exit24 knows (KVM_*)");
	io.name = action.string();
	io.of = target(step.at("of"), c);
	if (const auto r = step.find("number")) {
		io.number = number(*r).number;
	} else {
		io.fields = fields(step.at("argument"));
	}
	if (const auto r = step.find("data"))
		io.data = fields(*r);
	if (auto expect = step.find("expect")) {
		if (const auto r = expect->find("errno"))
			io.error = error_name(*r);
		if (const auto r = expect->find("rc"))
			io.rc = number(*r).number;
		if (const auto r = expect->find("rc_at_least"))
			io.rc_at_least = number(*r).number;
		if (const auto r = expect->find("result"))
			io.result = fields(*r);
		expect->finish();
	}
	return io;
}

Step read_create(Reader &step, const Reader &action, const Case &c)
{
	Create create;
	create.vcpu = vcpu_number(action, c);
	if (!c.vcpus[create.vcpu].late)
		action.fail("the vCPU is not \"late\", it has been created already");
	create.error = error_expected(step);
	return create;
}

Step read_page(Reader &step, const Reader &action, const Case &c)
{
	Page page;
	page.vcpu = vcpu_number(action, c);
	Reader expect = step.at("expect");
	page.bytes = bytes_list(expect.at("bytes"));
	expect.finish();
	return page;
}

Step read_count_regs(Reader &step, const Reader &action, const Case &c)
{
	CountRegs count;
	count.vcpu = vcpu_number(action, c);
	count.mask = number(step.at("mask")).number;
	count.match = number(step.at("match")).number;
	Reader expect = step.at("expect");
	count.count = expect.at("count").count(0, 100000);
	expect.finish();
	return count;
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
	{"calls", read_calls},
	{"ioctl", read_ioctl},
	{"create", read_create},
	{"page", read_page},
	{"count_regs", read_count_regs},
};
static_assert(std::size(step_kinds) == std::variant_size_v<Step>);

Step read_step(Reader reader, const Case &c)
{
	(void)reader.object();
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
	std::vector<bool> exists;
	for (const VcpuSpec &v : c.vcpus)
		exists.push_back(!v.late);
	for (std::size_t i = 0; i < c.steps.size(); i++) {
		std::visit(
			[&](const auto &step) {
				using T = std::decay_t<decltype(step)>;
				if constexpr (std::is_same_v<T, EnableCap> || std::is_same_v<T, Ioctl>) {
					return;
				} else if (!std::is_same_v<T, Create> && !exists[step.vcpu]) {
					readers[i].fail("vCPU " + std::to_string(step.vcpu) +
							" is \"late\" and has not been created before this step");
				} else if constexpr (std::is_same_v<T, Create>) {
					exists[step.vcpu] = true;
				} else if constexpr (std::is_same_v<T, GetMpState>) {
					if (step.until_kick != started[step.vcpu])
						readers[i].fail(step.until_kick ? "the vCPU has not been started before"
										: "the vCPU is inside KVM_RUN; kick it, or say "
										  "\"until\": \"kick\"");
					if (step.until_kick)
						started[step.vcpu] = false;
				} else if constexpr (std::is_same_v<T, Wait> || std::is_same_v<T, Kick>) {
					if (!started[step.vcpu])
						readers[i].fail("vCPU " + std::to_string(step.vcpu) +
								" has not been started before this step");
					if constexpr (std::is_same_v<T, Wait>)
						if (step.what == WaitFor::progress && c.vms[c.vcpus[step.vcpu].vm].is_protected)
							readers[i].fail("the memory of a protected VM, and so its counter, cannot be "
									"read");
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

/// What a case requires, or under "without" what must not be there.
Requirements requirements(Reader reader, bool top)
{
	Requirements out;
	if (const auto caps = reader.find("capabilities")) {
		for (const Reader &cap : caps->array())
			name(cap, abi::capabilities, "a capability (KVM_CAP_*)");
		out.capabilities = caps->strings();
	}
	if (const auto version = reader.find("psci_version")) {
		if (!psci_version_value(version->string()))
			version->fail("must be a version such as \"1.1\"");
		out.psci_version = version->string();
	}
	if (const auto conduit = reader.find("conduit")) {
		if (conduit->string() != "smc")
			conduit->fail("must be \"smc\"; HVC needs nothing");
		out.smc = true;
	}
	if (const auto attributes = reader.find("attributes")) {
		for (const Reader &item : attributes->array())
			if (item.string() != "KVM_ARM_VM_SMCCC_FILTER")
				item.fail("must be \"KVM_ARM_VM_SMCCC_FILTER\", the one attribute exit24 asks for");
		out.smccc_filter = !attributes->array().empty();
	}
	if (const auto vm = reader.find("protected_vm"))
		out.protected_vm = vm->boolean();
	if (const auto registers = reader.find("registers")) {
		for (const Reader &item : registers->array())
			name(item, abi::other_registers, "a register that is no core register");
		out.registers = registers->strings();
	}
	if (top)
		if (const auto without = reader.find("without"))
			out.without = std::make_shared<const Requirements>(requirements(*without, false));
	reader.finish();
	return out;
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

/// What a case says to people.
void read_prose(Reader &reader, Case &c)
{
	if (const auto r = reader.find("$schema"))
		(void)r->string();

	const Reader title = reader.at("title");
	c.title = title.string();
	const auto begins = [](char ch) { return (ch & 0xc0) != 0x80; }; // a character of UTF-8
	if (c.title.empty() || std::count_if(c.title.begin(), c.title.end(), begins) > 80)
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
	if (c.rules.empty() || std::set(c.rules.begin(), c.rules.end()).size() != c.rules.size())
		rules.fail("must name at least one rule, and each once");
	for (const Reader &rule : rules.array())
		if (!is_rule(rule.string()))
			rule.fail("must be the id of a rule, such as \"SE-OFF-01\"");
	c.catches = sentence(reader.at("catches"));
	if (const auto r = reader.find("hurts"))
		c.hurts = sentence(*r);

	const Reader spec = reader.at("spec");
	for (Reader item : spec.array()) {
		Citation cite;
		const Reader doc = item.at("doc");
		cite.doc = sentence(doc);
		if (cite.doc.front() == '/')
			doc.fail("must be a path in a kernel tree");
		cite.section = sentence(item.at("section"));
		const Reader hash = item.at("sentence");
		if (!is_sentence_hash(hash.string()))
			hash.fail("must be \"sha256:\" and 12 hexadecimal digits");
		cite.sentence = hash.string().substr(7);
		if (const auto differs = item.find("differs"))
			cite.differs = sentence(*differs);
		item.finish();
		c.spec.push_back(cite);
	}
	if (c.spec.empty())
		spec.fail("must cite at least one sentence");
}

/// What a case does and expects.
void read_actions(Reader &reader, Case &c)
{
	if (const auto r = reader.find("requires"))
		c.requires_ = requirements(*r, true);

	if (const auto vms = reader.find("vms")) {
		for (Reader item : vms->array()) {
			VmSpec vm;
			if (const auto r = item.find("gic")) {
				vm.gic = r->string();
				if (vm.gic != "none" && vm.gic != "v2" && vm.gic != "v3")
					r->fail("must be \"none\", \"v2\" or \"v3\"");
			}
			if (const auto r = item.find("protected"))
				vm.is_protected = r->boolean();
			item.finish();
			c.vms.push_back(vm);
		}
		if (c.vms.empty() || c.vms.size() > max_vcpus)
			vms->fail("must have 1 to " + std::to_string(max_vcpus) + " VMs");
	}
	const bool vms_given = !c.vms.empty();

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
			if (v.vm > c.vms.size() || (vms_given && v.vm == c.vms.size()))
				r->fail("VMs are numbered from 0 without gaps");
		}
		if (v.vm == c.vms.size())
			c.vms.emplace_back();
		if (const auto r = item.find("id"))
			v.id = static_cast<unsigned>(r->count(0, 4095));
		if (const auto r = item.find("late"))
			v.late = r->boolean();
		if (const auto r = item.find("init"))
			v.init = r->boolean();
		if (!v.init && !v.regs.empty())
			item.fail("\"regs\" cannot be set before KVM_ARM_VCPU_INIT");
		item.finish();
		c.vcpus.push_back(std::move(v));
	}
	if (c.vcpus.empty() || c.vcpus.size() > max_vcpus)
		vcpus.fail("must have 1 to " + std::to_string(max_vcpus) + " vCPUs");

	for (const VmSpec &vm : c.vms) {
		if (vm.gic != "none")
			c.requires_.gics.insert(vm.gic);
		c.requires_.protected_vm = c.requires_.protected_vm || vm.is_protected;
	}

	const Reader steps = reader.at("steps");
	const auto items = steps.array();
	if (items.empty() || items.size() > max_steps)
		steps.fail("must have 1 to " + std::to_string(max_steps) + " steps");
	for (const Reader &item : items)
		c.steps.push_back(read_step(item, c));
	check_order(c, items);

	if (const auto r = reader.find("rounds"))
		c.rounds = static_cast<unsigned>(r->count(1, 100));
	if (const auto r = reader.find("deadline_ms"))
		c.deadline_ms = static_cast<unsigned>(r->count(1, 60000));
}

} // namespace

std::string_view step_name(const Step &step)
{
	return step_kinds[step.index()].action;
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
		Reader reader(json);
		Case c;
		c.name = std::move(case_name);
		read_prose(reader, c);
		read_actions(reader, c);
		reader.finish();
		return c;
	} catch (const Malformed &m) {
		const std::string place = m.pointer.empty() ? "" : " at " + m.pointer;
		return Error{file + place + ": " + m.reason};
	}
}

Result<Case> read_planned_case(std::string case_name, const Json &json)
{
	const std::string where = case_name;
	try {
		Reader reader(json);
		Case c;
		c.name = std::move(case_name);
		read_actions(reader, c);
		reader.finish();
		return c;
	} catch (const Malformed &m) {
		return Error{where + " at " + m.pointer + ": " + m.reason};
	}
}

} // namespace exit24::model
