// SPDX-License-Identifier: GPL-2.0-only
#include "report/view.hpp"

#include "abi/names.hpp"
#include "base/runs.hpp"
#include "base/sha256.hpp"
#include "report/report.hpp"

#include <algorithm>
#include <cerrno>
#include <map>

namespace exit24::report {

namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";

/// A member of an object if it is there and of the right type; else nothing.
std::string text(const Json &json, const char *key)
{
	const auto it = json.is_object() ? json.find(key) : json.end();
	return it != json.end() && it->is_string() ? clean(it->get_ref<const std::string &>()) : "";
}

std::uint64_t number(const Json &json, const char *key)
{
	const auto it = json.is_object() ? json.find(key) : json.end();
	return it != json.end() && it->is_number_integer() && *it >= 0 ? it->get<std::uint64_t>() : 0;
}

const Json &list(const Json &json, const char *key)
{
	static const Json none = Json::array();
	const auto it = json.is_object() ? json.find(key) : json.end();
	return it != json.end() && it->is_array() ? *it : none;
}

const Json &object(const Json &json, const char *key)
{
	static const Json none = Json::object();
	const auto it = json.is_object() ? json.find(key) : json.end();
	return it != json.end() && it->is_object() ? *it : none;
}

std::vector<std::string> texts(const Json &json, const char *key)
{
	std::vector<std::string> out;
	for (const Json &item : list(json, key))
		if (item.is_string())
			out.push_back(clean(item.get_ref<const std::string &>()));
	return out;
}

std::string dump(const Json &json)
{
	return clean(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::string joined(const std::vector<std::string> &words, const char *between)
{
	std::string out;
	for (const std::string &word : words)
		out += (out.empty() ? "" : between) + word;
	return out;
}

SeenStep read_step(const Json &json)
{
	SeenStep out;
	out.step = number(json, "step");
	out.round = number(json, "round");
	out.ns = number(json, "ns");
	out.error = number(json, "errno");
	if (const auto it = json.find("rc"); it != json.end() && it->is_number_integer())
		out.rc = it->get<std::int64_t>();
	out.op = text(json, "op");
	out.page = text(json, "page");
	if (out.op == "page")
		out.page = text(json, "bytes");

	std::vector<std::string> facts;
	for (const auto &[name, value] : object(json, "regs").items())
		if (value.is_string())
			facts.push_back(clean(name) + " " + clean(value.get_ref<const std::string &>()));
	std::size_t vcpu = 0;
	for (const Json &state : list(json, "mp_states")) {
		if (state.is_number_unsigned())
			facts.push_back("vCPU " + std::to_string(vcpu) + " " +
					abi::describe(abi::mp_states, state.get<std::uint64_t>()));
		vcpu++;
	}
	if (const auto reports = texts(json, "reports"); !reports.empty())
		facts.push_back("reports " + joined(reports, " "));
	for (const char *key : {"value", "result"})
		if (const std::string value = text(json, key); !value.empty())
			facts.push_back(std::string(key) + " " + value);
	for (const char *key : {"asleep", "returned", "deadline"})
		if (const auto it = json.find(key); it != json.end() && it->is_boolean())
			facts.push_back(std::string(key) + (it->get<bool>() ? " yes" : " no"));
	for (const char *key : {"calls", "registers"})
		if (const Json &items = list(json, key); !items.empty())
			facts.push_back(std::string(key) + " " + dump(items));
	out.facts = joined(facts, ", ");
	return out;
}

std::string read_diagnosis(const Json &json)
{
	std::string out;
	for (const Json &thread : list(json, "threads"))
		out += "thread in state " + text(thread, "state") + ": " + text(thread, "wchan") + " < " +
		       joined(texts(thread, "stack"), " < ") + "\n";
	if (const Json &kvm = object(json, "kvm"); !kvm.empty())
		out += "kvm counters: " + dump(kvm) + "\n";
	return out;
}

SeenCase read_case(const Json &json)
{
	SeenCase out;
	out.name = text(json, "case");
	out.title = text(json, "title");
	out.verdict = text(json, "verdict");
	out.reason = text(json, "reason");
	out.catches = text(json, "catches");
	out.hurts = text(json, "hurts");
	out.characterised = text(json, "status") == "characterised";
	out.rules = texts(json, "rules");
	if (json.contains("step"))
		out.step = number(json, "step");
	for (const Json &d : list(json, "differences"))
		out.differences.push_back({text(d, "what"), text(d, "want"), text(d, "got")});
	if (const Json &known = object(json, "known"); !known.empty()) {
		out.known = text(known, "reason");
		if (const std::string link = text(known, "link"); !link.empty())
			out.known += " (" + link + ")";
	}
	for (const Json &cite : list(json, "spec"))
		out.spec.push_back(text(cite, "doc") + ", " + text(cite, "section") + " (" + text(cite, "sentence") +
				   ")");
	for (const auto &[name, hash] : object(json, "guests").items())
		out.guests.push_back(clean(name));
	out.ran = json.contains("boot");
	out.boot = number(json, "boot");
	out.ns = number(json, "ns");
	Json seen = Json::array();
	for (const Json &step : list(json, "observed")) {
		if (!step.is_object())
			continue;
		out.steps.push_back(read_step(step));
		seen.push_back(step);
		seen.back().erase("ns");
		if (number(step, "errno") == EINTR) // when the signal came decides on the registers
			seen.back().erase("regs");
	}
	out.seen = dump(seen);
	out.diagnosis = read_diagnosis(object(json, "diagnosis"));
	out.kernel_log = texts(json, "kernel_log");
	return out;
}

/// What a person wants to know of the machine, in one line.
std::string describe(const Json &environment)
{
	const Json &machine = object(environment, "machine");
	const Json &target = object(environment, "target");
	std::vector<std::string> parts;
	if (text(machine, "machine") == "lab")
		parts.push_back(text(machine, "qemu") + ", emulated EL2 (not hardware), cpu " + text(machine, "cpu") +
				", clock " + text(machine, "clock"));
	else if (text(machine, "machine") == "native")
		parts.push_back("this host's own KVM");
	for (const char *key : {"model", "midr"})
		if (const std::string value = text(target, key); !value.empty())
			parts.push_back(std::string(key) + " " + value);
	if (const std::string mode = text(environment, "kvm_mode"); !mode.empty())
		parts.push_back("KVM runs in mode " + mode);
	if (const std::string trouble = text(target, "kvm_trouble"); !trouble.empty())
		parts.push_back("no usable KVM: " + trouble);
	return joined(parts, "; ");
}

SeenCell read_cell(const Json &json)
{
	SeenCell out;
	out.kernel = text(json, "kernel");
	out.mode = text(json, "mode");
	out.id = out.kernel + "/" + out.mode;
	out.repeat = text(json, "repeat");
	out.skip = text(json, "skip");
	out.wall_ms = number(json, "wall_ms");
	const Json &environment = object(json, "environment");
	out.environment = describe(environment);
	out.image_file = text(object(object(environment, "machine"), "image"), "file");
	out.image = text(object(object(environment, "machine"), "image"), "sha256");
	out.emulated = text(object(environment, "machine"), "machine") == "lab";
	out.place = environment.empty() ? "" : out.emulated ? "emulated, cpu " + text(object(environment, "machine"), "cpu") : "hardware";
	for (const Json &boot : list(json, "boots"))
		out.boots.push_back({text(boot, "end"), text(boot, "reason"), text(boot, "console"),
				     text(boot, "registers")});
	for (const Json &c : list(json, "cases"))
		out.cases.push_back(read_case(c));
	return out;
}

/// How many bytes the character at the start of a text has, 0 if it is no valid UTF-8; its number.
std::size_t decode(std::string_view text, std::uint32_t &number)
{
	const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
	const unsigned first = byte(0);
	const std::size_t length = first < 0x80 ? 1 : first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : first >> 3 == 30 ? 4 : 0;
	if (length == 0)
		return 0;
	number = length == 1 ? first : first & (0x7fu >> length);
	for (std::size_t i = 1; i < length; i++) {
		if (byte(i) >> 6 != 2)
			return 0;
		number = number << 6 | (byte(i) & 0x3f);
	}
	static constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const bool surrogate = number >= 0xd800 && number < 0xe000;
	return number < least[length] || number > 0x10ffff || surrogate ? 0 : length;
}

bool harmful(std::uint32_t c)
{
	return (c < ' ' && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0) || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || (c & 0xfffe) == 0xfffe || c == 0xfeff;
}

} // namespace

std::string clean(std::string_view text)
{
	std::string out;
	out.reserve(text.size());
	for (std::size_t at = 0; at < text.size();) {
		std::uint32_t c = 0;
		const std::size_t length = decode(text.substr(at), c);
		if (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n')
			; // a line end is a line end
		else if (length == 0 || harmful(c))
			out += replacement;
		else
			out += text.substr(at, length);
		at += std::max<std::size_t>(length, 1);
	}
	return out;
}

std::string one_line(std::string_view text, std::size_t most)
{
	std::string out = clean(text.substr(0, 4 * most));
	for (char &c : out)
		if (c == '\n' || c == '\t')
			c = ' ';
	if (out.size() > most) {
		std::size_t end = most - 3;
		while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xc0) == 0x80)
			end--;
		out.resize(end);
		out += "...";
	}
	return out;
}

std::string ascii(std::string_view text, std::size_t most)
{
	std::string out;
	for (const char c : one_line(text, most)) {
		const auto byte = static_cast<unsigned char>(c);
		if (byte < 0x80)
			out += c;
		else if (byte >= 0xc0)
			out += '?';
	}
	return out;
}

Grade grade(const std::string &verdict)
{
	static const std::map<std::string_view, Grade> grades = {
		{"pass", Grade::good},	      {"review", Grade::look}, {"known-fail", Grade::look},
		{"fixed", Grade::look},	      {"skip", Grade::skipped}, {"fail", Grade::bad},
		{"hang", Grade::bad},	      {"crash", Grade::bad},
	};
	const auto it = grades.find(verdict);
	return it == grades.end() ? Grade::broken : it->second;
}

Result<Json> read_report(const std::string &file, std::string_view text)
{
	Json json;
	try {
		json = model::parse_strict(text);
	} catch (const model::Malformed &m) {
		return Error{file + " is not a whole JSON document: " + m.reason +
			     "; make it again with exit24 run --json " + file};
	}
	const auto no = [&](const std::string &why) {
		return Error{file + " is not a report of exit24: " + why +
			     "; name a file that exit24 run --json has written"};
	};
	if (!json.is_object() || !json.contains("report") || !object(json, "tool").contains("name") ||
	    json["tool"]["name"] != "exit24")
		return no("it does not say so in \"report\" and \"tool\"");
	if (json["report"] != report_format)
		return no("its format is " + one_line(dump(json["report"]), 40) + ", and this exit24 reads format " +
			  std::to_string(report_format));
	if (!json.contains("cells") || !json["cells"].is_array())
		return no("it has no list \"cells\"");
	for (std::size_t i = 0; i < json["cells"].size(); i++) {
		const Json &cell = json["cells"][i];
		const std::string place = "/cells/" + std::to_string(i);
		if (report::text(cell, "kernel").empty() || report::text(cell, "mode").empty())
			return no(place + " names no kernel or no mode");
		if (!cell.contains("cases") || !cell["cases"].is_array())
			return no(place + " has no list \"cases\"");
		for (std::size_t n = 0; n < cell["cases"].size(); n++)
			if (report::text(cell["cases"][n], "case").empty() || report::text(cell["cases"][n], "verdict").empty())
				return no(place + "/cases/" + std::to_string(n) + " has no name or no verdict");
	}
	return json;
}

View view(const std::vector<Json> &reports)
{
	View out;
	bool red = false, broken = false, first = true;
	std::string all;
	std::map<std::string, int> names;
	for (const Json &json : reports) {
		all += json.dump(-1, ' ', false, Json::error_handler_t::replace);
		if (first)
			out.version = text(object(json, "tool"), "version");
		first = false;
		const std::uint64_t status = number(json, "exit_status");
		red = red || status == 1;
		broken = broken || status != 0;
		for (const Json &cell : list(json, "cells")) {
			out.cells.push_back(read_cell(cell));
			SeenCell &seen = out.cells.back();
			if (const int n = ++names[seen.id]; n > 1)
				seen.id += " (" + std::to_string(n) + ")";
		}
		for (const auto &[name, guest] : object(json, "guests").items()) {
			const auto code = decode_runs(text(guest, "code"), 1 << 20);
			SeenGuest seen{clean(name), code ? sha256(*code) : "", text(guest, "disassembly")};
			const bool known = std::any_of(out.guests.begin(), out.guests.end(),
						       [&](const SeenGuest &g) { return g.name == seen.name; });
			if (!known)
				out.guests.push_back(std::move(seen));
		}
		for (const auto &[id, rule] : object(json, "rules").items())
			out.rules.emplace(clean(id), SeenRule{text(rule, "says"), text(rule, "uncovered")});
	}
	out.digest = sha256(all);
	out.exit_status = red ? 1 : broken || reports.empty() ? 3 : 0;
	return out;
}

std::string tally(const std::vector<const SeenCase *> &cases)
{
	static const std::pair<std::string, std::string> words[] = {
		{"pass", "passed"}, {"fail", "failed"}, {"hang", "hung"}, {"crash", "crashed"},
		{"error", "in error"}, {"known-fail", "known to fail"}, {"fixed", "fixed"}, {"review", "to review"},
		{"skip", "skipped"},
	};
	std::map<std::string, std::size_t> counts;
	for (const SeenCase *c : cases)
		counts[c->verdict]++;
	std::string out;
	const auto add = [&](std::size_t n, const std::string &word) {
		out += (out.empty() ? "" : ", ") + std::to_string(n) + " " + word;
	};
	for (const auto &[verdict, word] : words)
		if (const auto it = counts.find(verdict); it != counts.end()) {
			add(it->second, word);
			counts.erase(it);
		}
	for (const auto &[verdict, n] : counts)
		add(n, one_line(verdict, 40));
	return out.empty() ? "no case was run" : out;
}

std::string tally(const View &view)
{
	std::vector<const SeenCase *> cases;
	for (const SeenCell &cell : view.cells)
		for (const SeenCase &c : cell.cases)
			cases.push_back(&c);
	return tally(cases);
}

std::string verdict_line(const View &view)
{
	return view.exit_status == 0   ? "the contract is kept"
	       : view.exit_status == 1 ? "the contract is broken"
				       : "not all was judged";
}

std::string repeat(const SeenCell &cell, const SeenCase &c)
{
	if (cell.repeat.empty())
		return "";
	return one_line(cell.repeat) + (cell.repeat.starts_with("exit24 judge") ? "" : " " + one_line(c.name));
}

std::vector<std::string> details(const SeenCell &cell, const SeenCase &c)
{
	std::vector<std::string> out;
	if (!c.reason.empty())
		out.push_back("reason: " + one_line(c.reason) + (c.step ? " (step " + std::to_string(*c.step) + ")" : ""));
	for (const SeenLine &line : c.differences)
		out.push_back(one_line(line.what, 200) + ": want " + one_line(line.want, 400) + ", got " +
			      one_line(line.got, 400));
	if (!c.known.empty())
		out.push_back("known: " + one_line(c.known));
	if (grade(c.verdict) == Grade::skipped)
		return out;
	for (std::size_t at = 0; at < c.diagnosis.size();) {
		const std::size_t end = c.diagnosis.find('\n', at);
		out.push_back("diagnosis: " + one_line(c.diagnosis.substr(at, end - at), 600));
		at = end + 1;
	}
	for (const std::string &line : c.kernel_log)
		out.push_back("kernel log: " + one_line(line, 400));
	if (grade(c.verdict) != Grade::broken) {
		out.push_back("catches: " + one_line(c.catches));
		if (!c.hurts.empty())
			out.push_back("hurts: " + one_line(c.hurts));
	}
	if (!c.rules.empty())
		out.push_back("rules: " + one_line(joined(c.rules, " ")));
	if (const std::string command = repeat(cell, c); !command.empty())
		out.push_back("repeat: " + command);
	return out;
}

} // namespace exit24::report
