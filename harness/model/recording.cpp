// SPDX-License-Identifier: GPL-2.0-only
#include "model/recording.hpp"

#include "abi/kvm_run.hpp"
#include "abi/names.hpp"
#include "base/crc32.hpp"
#include "base/runs.hpp"
#include "model/plan.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace exit24::model {

static constexpr std::string_view frame_start = "{\"seq\":";
static constexpr std::string_view crc_start = ",\"crc\":\"";
static constexpr std::size_t file_limit = 1 << 20;
static constexpr std::size_t crc_tail = crc_start.size() + 8 + 2; // 8 digits and "}

static std::string crc_of(std::string_view text)
{
	std::string out(8, '0');
	std::uint32_t crc = crc32(text);
	for (auto digit = out.rbegin(); digit != out.rend(); ++digit, crc >>= 4)
		*digit = "0123456789abcdef"[crc & 15];
	return out;
}

std::string frame(const Json &record, std::uint64_t seq)
{
	const std::string body = record.dump(-1, ' ', false, Json::error_handler_t::replace);
	std::string line(body.size() + frame_size, '\0');
	line.resize(frame(line.data(), std::string_view(body).substr(1, body.size() - 2), seq));
	return line;
}

std::size_t frame(char *out, std::string_view body, std::uint64_t seq)
{
	char *at = out;
	const auto put = [&at](std::string_view text) { at = std::copy(text.begin(), text.end(), at); };
	put(frame_start);
	at = std::to_chars(at, at + 20, seq).ptr;
	if (!body.empty())
		*at++ = ',';
	put(body);
	const std::string crc = crc_of({out, static_cast<std::size_t>(at - out)});
	put(crc_start);
	put(crc);
	put("\"}\n");
	return static_cast<std::size_t>(at - out);
}

Unframed unframe(std::string_view line)
{
	while (!line.empty() && (line.back() == '\n' || line.back() == '\r'))
		line.remove_suffix(1);
	const auto start = line.rfind(frame_start);
	if (start == std::string_view::npos)
		return {};
	line.remove_prefix(start);

	Unframed out;
	out.kind = Unframed::torn;
	if (line.size() < crc_tail || !line.ends_with("\"}"))
		return out;
	const std::string_view body = line.substr(0, line.size() - crc_tail);
	const std::string_view tail = line.substr(body.size());
	if (!tail.starts_with(crc_start) || tail.substr(crc_start.size(), 8) != crc_of(body))
		return out;
	try {
		out.json = parse_strict(line);
		out.seq = Reader(out.json).at("seq").count(0, UINT64_MAX);
		out.kind = Unframed::record;
	} catch (const Malformed &) {
		// the checksum fits, so somebody made it so: still not a record
	}
	return out;
}

std::uint32_t RunSeen::u32(std::size_t offset) const
{
	std::uint32_t value;
	std::memcpy(&value, page.data() + offset, sizeof(value));
	return value;
}

std::uint64_t RunSeen::u64(std::size_t offset) const
{
	std::uint64_t value;
	std::memcpy(&value, page.data() + offset, sizeof(value));
	return value;
}

bool Recording::in_doubt(const std::string &name) const
{
	const auto it = cases.find(name);
	return it != cases.end() && std::any_of(doubts.begin(), doubts.end(), [&](const Doubt &d) {
		return d.boot == it->second.boot && std::find(d.cases.begin(), d.cases.end(), name) != d.cases.end();
	});
}

std::string wrong_mode(const Boot &boot)
{
	if (!boot.hello || boot.hello->kvm_mode.empty() || !boot.machine.is_object())
		return "";
	const auto asked = boot.machine.find("kvm_mode");
	if (asked == boot.machine.end() || !asked->is_string() || *asked == "" || *asked == boot.hello->kvm_mode)
		return "";
	return "mode " + asked->get<std::string>() + " was asked for, but this kernel runs KVM in mode " +
	       boot.hello->kvm_mode + " there";
}

std::vector<std::string> missing(const Requirements &requirements, const Hello &hello)
{
	std::vector<std::string> out;
	for (const std::string &cap : requirements.capabilities) {
		const auto it = hello.capabilities.find(cap);
		if (it == hello.capabilities.end() || it->second == 0)
			out.push_back(cap);
	}
	if (requirements.psci_version) {
		const auto wanted = psci_version_value(*requirements.psci_version);
		if (!hello.psci_version || *hello.psci_version < wanted)
			out.push_back("PSCI " + *requirements.psci_version);
	}
	for (const std::string &name : requirements.registers)
		if (!hello.registers.contains(name))
			out.push_back("register " + name);
	if (requirements.smccc_filter && !hello.smccc_filter)
		out.push_back("KVM_ARM_VM_SMCCC_FILTER");
	for (const std::string &gic : requirements.gics)
		if (!hello.gics.contains(gic))
			out.push_back("in-kernel GIC" + gic);
	if (requirements.protected_vm && !hello.protected_vm)
		out.push_back("protected VMs");
	if (requirements.smc && (!hello.psci_version || hello.smc_psci_version != hello.psci_version))
		out.push_back("PSCI over SMC");
	if (requirements.without) {
		// everything of it that an empty target lacks and this one does not
		const auto absent = missing(*requirements.without, hello);
		for (const std::string &name : missing(*requirements.without, Hello()))
			if (std::find(absent.begin(), absent.end(), name) == absent.end())
				out.push_back("the absence of " + name);
	}
	return out;
}

static std::uint64_t number(const Reader &reader)
{
	const std::string text = reader.string();
	std::uint64_t value = 0;
	const char *const end = text.data() + text.size();
	const bool prefixed = text.starts_with("0x");
	const auto r = std::from_chars(text.data() + (prefixed ? 2 : 0), end, value, 16);
	if (!prefixed || r.ec != std::errc() || r.ptr != end)
		reader.fail("must be a hexadecimal number");
	return value;
}

/// How the kernel's own log line names the mode it runs KVM in.
static std::string mode_in_log(const std::vector<std::string> &log)
{
	for (const std::string &line : log) {
		if (line.find("initialized successfully") == std::string::npos)
			continue;
		if (line.find("Protected") != std::string::npos)
			return "protected";
		if (line.find("VHE+NV2") != std::string::npos)
			return "nested";
		if (line.find("hVHE mode") != std::string::npos)
			return "hvhe";
		if (line.find("nVHE mode") != std::string::npos || line.find("Hyp mode") != std::string::npos)
			return "nvhe";
		if (line.find("VHE mode") != std::string::npos)
			return "vhe";
	}
	return "";
}

Hello read_hello(const Json &facts)
{
	Reader r(facts, "/hello");
	Hello h;
	h.raw = facts;
	if (r.at("protocol").count(0, 1000) != protocol)
		r.fail("was recorded by an agent of another version");
	h.release = r.at("release").string();
	h.uptime_ms = r.at("uptime_ms").count(0, UINT64_MAX);
	if (const auto trouble = r.find("kvm_trouble"))
		h.kvm_trouble = trouble->string();
	if (const auto caps = r.find("capabilities"))
		for (const auto &cap : caps->object())
			h.capabilities[cap.first] = caps->child(cap.first).count(0, UINT32_MAX);
	if (const auto version = r.find("psci_version"))
		h.psci_version = number(*version);
	if (const auto version = r.find("smc_psci_version"))
		h.smc_psci_version = number(*version);
	if (const auto filter = r.find("smccc_filter"))
		h.smccc_filter = filter->boolean();
	if (const auto registers = r.find("registers"))
		for (const std::string &name : registers->strings())
			h.registers.insert(name);
	if (const auto gics = r.find("gics"))
		for (const std::string &gic : gics->strings())
			h.gics.insert(gic);
	if (const auto vm = r.find("protected_vm"))
		h.protected_vm = vm->boolean();
	if (const auto midr = r.find("midr"))
		h.midr = midr->string();
	h.kvm_mode = mode_in_log(r.at("kvm_log").strings());
	return h;
}

static Boot read_boot(Reader r)
{
	Boot boot;
	boot.machine = r.json();
	boot.cases = r.at("cases").strings();
	const Reader guests = r.at("guests");
	for (const auto &guest : guests.object())
		boot.guests[guest.first] = guests.child(guest.first).string();
	return boot;
}

static RunSeen read_run(Reader &r)
{
	RunSeen seen;
	const Reader page = r.at("page");
	auto bytes = decode_runs(page.string(), abi::kvm_run_size);
	if (!bytes)
		page.fail(bytes.error().what);
	if (bytes->size() != abi::kvm_run_size)
		page.fail("must hold " + std::to_string(abi::kvm_run_size) + " bytes");
	seen.page = std::move(*bytes);

	for (const auto &reg : abi::core_registers)
		seen.regs[std::string(reg.name)] = 0; // the agent leaves zeroes out
	const Reader regs = r.at("regs");
	for (const auto &entry : regs.object()) {
		if (!seen.regs.contains(entry.first))
			regs.fail("\"" + entry.first + "\" is not a register");
		seen.regs[entry.first] = number(regs.child(entry.first));
	}
	for (const Reader &state : r.at("mp_states").array()) {
		if (state.is_null())
			seen.mp_states.push_back(std::nullopt);
		else
			seen.mp_states.push_back(state.count(0, UINT32_MAX));
	}
	for (const Reader &value : r.at("reports").array())
		seen.reports.push_back(number(value));
	if (const auto asleep = r.find("asleep"))
		seen.asleep = asleep->boolean();
	return seen;
}

static StepSeen read_step_seen(Reader &r, const Json &raw)
{
	StepSeen s;
	s.raw = raw;
	s.step = static_cast<std::size_t>(r.at("step").count(0, 1000));
	if (const auto round = r.find("round"))
		s.round = static_cast<std::size_t>(round->count(0, 1000));
	s.op = r.at("op").string();
	s.rc = r.at("rc").integer();
	s.error = r.at("errno").count(0, 4095);
	s.ns = r.at("ns").count(0, UINT64_MAX);
	if (const auto value = r.find("value"))
		s.value = number(*value);
	if (r.has("page"))
		s.run = read_run(r);
	return s;
}

void RecordingBuilder::lost()
{
	for (const std::string &name : recording_.running)
		recording_.cases[name].torn = true;
}

Result<void> RecordingBuilder::add(const Json &record, std::uint64_t seq)
{
	try {
		Reader r(record);
		if (const auto b = r.find("boot")) {
			if (!recording_.boots.empty() && recording_.boots.back().end.empty())
				r.fail("a boot begins before the one before it has ended");
			Boot boot = read_boot(*b);
			recording_.boots.push_back(std::move(boot));
			recording_.running.clear();
			next_seq_ = seq + 1;
			return {};
		}
		if (recording_.boots.empty() || !recording_.boots.back().end.empty())
			r.fail("the line belongs to no boot");
		Boot &boot = recording_.boots.back();
		if (seq < next_seq_)
			r.fail("line " + std::to_string(seq) + " of this boot comes after line " +
			       std::to_string(next_seq_));
		if (seq > next_seq_)
			lost();
		next_seq_ = seq + 1;

		if (auto e = r.find("boot_end")) {
			const std::string kind = e->at("kind").string();
			if (kind != "complete" && kind != "crash" && kind != "hang" && kind != "machine")
				e->fail("\"" + kind + "\" is not the end of a boot");
			boot.end_reason = e->at("reason").string();
			boot.console_tail = e->at("console").string();
			boot.end_raw = e->json();
			boot.end = kind;
			if (recording_.running.size() > 1)
				recording_.doubts.push_back({recording_.boots.size() - 1, recording_.running, {}});
			recording_.running.clear();
			return {};
		}
		if (const auto h = r.find("hello")) {
			boot.hello = read_hello(h->json());
			return {};
		}
		if (r.find("done"))
			return {};
		if (auto file = r.find("file")) {
			auto bytes = decode_runs(file->at("bytes").string(), file_limit);
			if (!bytes)
				file->fail(bytes.error().what);
			const auto after = file->find("case");
			boot.files.push_back({after ? after->string() : "", file->at("path").string(), std::move(*bytes)});
			return {};
		}

		const std::string name = r.at("case").string();
		if (r.find("begin")) {
			if (!recording_.cases.contains(name))
				recording_.order.push_back(name);
			std::erase(recording_.running, name);
			recording_.running.push_back(name);
			CaseRun run;
			run.name = name;
			run.boot = recording_.boots.size() - 1;
			recording_.cases[name] = std::move(run);
			return {};
		}
		const auto it = recording_.cases.find(name);
		if (it == recording_.cases.end() || it->second.boot != recording_.boots.size() - 1 ||
		    it->second.ended)
			return {}; // its begin was lost; the case will be run again
		CaseRun &run = it->second;
		if (const auto hang = r.find("hang"))
			run.hang = hang->json();
		else if (const auto trouble = r.find("trouble"))
			run.trouble = trouble->string();
		else if (const auto setup = r.find("setup")) {
			run.setup = setup->string();
			run.setup_error = r.at("errno").count(0, 4095);
		} else if (r.find("end")) {
			run.ns = r.at("ns").count(0, UINT64_MAX);
			if (const auto lacks = r.find("lacks"))
				run.lacks = lacks->strings();
			if (const auto log = r.find("kernel_log"))
				run.kernel_log = log->strings();
			run.ended = true;
			if (recording_.running.size() > 1 && !run.kernel_log.empty())
				recording_.doubts.push_back({run.boot, recording_.running, run.kernel_log});
			std::erase(recording_.running, name);
		} else {
			run.steps.push_back(read_step_seen(r, record));
		}
		return {};
	} catch (const Malformed &m) {
		return Error{(m.pointer.empty() ? "" : "at " + m.pointer + ": ") + m.reason};
	}
}

Result<Recording> parse_recording(const std::string &file, std::string_view text)
{
	RecordingBuilder builder;
	std::size_t number_of_line = 0;
	const auto at = [&] { return file + ":" + std::to_string(number_of_line) + ": "; };
	while (!text.empty()) {
		const auto end = text.find('\n');
		const std::string_view line = text.substr(0, end);
		text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
		number_of_line++;
		if (line.empty())
			continue;
		const Unframed u = unframe(line);
		if (u.kind == Unframed::noise)
			return Error{at() + "this is not a line of an exit24 recording"};
		if (u.kind == Unframed::torn)
			return Error{at() + "this line is torn, its checksum does not fit; "
					    "run the cases again to make a whole recording"};
		if (auto r = builder.add(u.json, u.seq); !r)
			return Error{at() + r.error().what};
	}
	const Recording &recording = builder.recording();
	if (recording.boots.empty())
		return Error{file + ": it is empty; a recording begins with a \"boot\" line"};
	if (recording.boots.back().end.empty())
		return Error{at() + "the recording stops here in the middle of a boot; "
				    "run the cases again to make a whole one"};
	return recording;
}

} // namespace exit24::model
