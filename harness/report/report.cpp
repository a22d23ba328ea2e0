// SPDX-License-Identifier: GPL-2.0-only
#include "report/report.hpp"

#include "abi/kvm_run.hpp"
#include "abi/names.hpp"
#include "base/runs.hpp"
#include "base/sha256.hpp"
#include "base/version.hpp"
#include "report/planned.hpp"

#include <algorithm>

namespace exit24::report {

using judge::Status;

void skip(Cell &cell, const std::string &why)
{
	cell.skip = why;
	cell.cases.clear();
	cell.verdicts.clear();
}

std::map<Status, std::size_t> count(const std::vector<Cell> &cells)
{
	std::map<Status, std::size_t> counts;
	for (const Cell &cell : cells)
		for (const judge::Verdict &v : cell.verdicts)
			counts[v.status]++;
	return counts;
}

int exit_status(const std::vector<Cell> &cells)
{
	return exit_status_of(count(cells));
}

int exit_status_of(const std::map<Status, std::size_t> &counts)
{
	const auto have = [&](Status s) { return counts.contains(s); };
	if (have(Status::fail) || have(Status::hang) || have(Status::crash))
		return 1;
	const bool judged = have(Status::pass) || have(Status::review) || have(Status::known_fail) || have(Status::fixed);
	if (have(Status::error) || !judged)
		return 3;
	return 0;
}

std::string summary(const std::map<Status, std::size_t> &counts)
{
	static constexpr std::pair<Status, const char *> words[] = {
		{Status::pass, "passed"},     {Status::fail, "failed"},     {Status::hang, "hung"},
		{Status::crash, "crashed"},   {Status::error, "in error"},  {Status::review, "to review"},
		{Status::skip, "skipped"},     {Status::known_fail, "known to fail"}, {Status::fixed, "fixed"},
	};
	std::size_t all = 0;
	std::string parts;
	for (const auto &[status, word] : words) {
		const auto it = counts.find(status);
		if (it == counts.end())
			continue;
		all += it->second;
		parts += (parts.empty() ? "" : ", ") + std::to_string(it->second) + " " + word;
	}
	return std::to_string(all) + (all == 1 ? " case: " : " cases: ") + (parts.empty() ? "none run" : parts);
}

std::string wrap(const std::string &text, const std::string &indent, std::size_t width)
{
	std::string out, line;
	const std::size_t room = width > indent.size() + 20 ? width - indent.size() : 20;
	std::size_t at = 0;
	while (at < text.size()) {
		auto end = text.find(' ', at);
		if (end == std::string::npos)
			end = text.size();
		const std::string word = text.substr(at, end - at);
		at = end + 1;
		if (!line.empty() && line.size() + 1 + word.size() > room) {
			out += indent + line + "\n";
			line.clear();
		}
		line += (line.empty() ? "" : " ") + word;
	}
	return line.empty() ? out : out + indent + line + "\n";
}

namespace {

Json environment(const Cell &cell)
{
	Json env = Json::object();
	if (cell.recording.boots.empty())
		return env;
	env["machine"] = cell.recording.boots.front().machine;
	env["machine"].erase("guests");
	env["machine"].erase("cases");
	for (const model::Boot &boot : cell.recording.boots) {
		if (!boot.hello)
			continue;
		env["target"] = boot.hello->raw;
		env["kvm_mode"] = boot.hello->kvm_mode;
		break;
	}
	return env;
}

Json case_json(const Cell &cell, std::size_t i, const model::Guests &guests)
{
	const model::Case &c = cell.cases[i]->parsed;
	const judge::Verdict &v = cell.verdicts[i];
	Json out;
	out["case"] = c.name;
	out["title"] = c.title;
	out["status"] = c.characterised ? "characterised" : "required";
	out["rules"] = c.rules;
	out["catches"] = c.catches;
	if (!c.hurts.empty())
		out["hurts"] = c.hurts;
	for (const model::Citation &cite : c.spec)
		out["spec"].push_back({{"doc", cite.doc}, {"section", cite.section}, {"sentence", cite.sentence}});
	out["verdict"] = judge::name(v.status);
	if (!v.reason.empty())
		out["reason"] = v.reason;
	if (v.step)
		out["step"] = *v.step;
	if (v.known) {
		out["known"] = {{"verdict", v.known->verdict}, {"reason", v.known->reason}};
		if (!v.known->link.empty())
			out["known"]["link"] = v.known->link;
	}
	if (!v.differences.empty()) {
		Json &list = out["differences"] = Json::array();
		for (const judge::Difference &d : v.differences)
			list.push_back({{"what", d.what}, {"want", d.want}, {"got", d.got}});
	}
	for (const model::VcpuSpec &vcpu : c.vcpus)
		if (const auto g = guests.find(vcpu.guest); g != guests.end())
			out["guests"][vcpu.guest] = sha256(g->second.code);
	const auto it = cell.recording.cases.find(c.name);
	if (it == cell.recording.cases.end())
		return out;
	const model::CaseRun &run = it->second;
	out["boot"] = run.boot;
	out["ns"] = run.ns;
	Json &observed = out["observed"] = Json::array();
	for (const model::StepSeen &step : run.steps) {
		Json line = step.raw;
		for (const char *key : {"seq", "crc", "case"})
			line.erase(key);
		observed.push_back(line);
	}
	if (run.hang)
		out["diagnosis"] = *run.hang;
	if (!run.kernel_log.empty())
		out["kernel_log"] = run.kernel_log;
	return out;
}

std::string pad(std::string text, std::size_t width)
{
	if (text.size() < width)
		text.append(width - text.size(), ' ');
	return text;
}

/// What is known of a case that overran its deadline.
std::string diagnosis(const model::CaseRun &run, const std::string &indent, std::size_t width)
{
	std::string out;
	for (const Json &thread : run.hang->value("threads", Json::array())) {
		std::string place = thread.value("wchan", "");
		for (const Json &frame : thread.value("stack", Json::array()))
			place += " < " + frame.get<std::string>();
		out += wrap("thread in state " + thread.value("state", "?") + ": " + place, indent, width);
	}
	if (run.hang->contains("kvm"))
		out += wrap("kvm counters: " + (*run.hang)["kvm"].dump(), indent, width);
	if (!run.steps.empty() && run.steps.back().run && run.steps.back().raw.value("deadline", false)) {
		const model::RunSeen &seen = *run.steps.back().run;
		std::string text = "after a signal: errno " + abi::describe(abi::errnos, run.steps.back().error) +
				   ", exit_reason " +
				   abi::describe(abi::exit_reasons, seen.u32(abi::exit_reason_offset));
		for (const char *reg : {"pc", "x0", "x1", "x2", "x3"})
			text += std::string(", ") + reg + " " + hex(seen.regs.at(reg));
		for (std::size_t i = 0; i < seen.mp_states.size(); i++)
			if (seen.mp_states[i])
				text += ", vCPU " + std::to_string(i) + " " +
					abi::describe(abi::mp_states, *seen.mp_states[i]);
		out += wrap(text, indent, width);
	}
	for (const std::string &line : run.kernel_log)
		out += wrap("kernel log: " + line.substr(0, 300), indent, width);
	return out;
}

/// The lines of a console that tell how it ended: from the one that says `cause`, or the last ones.
std::string last_words(const std::string &console, const std::string &cause, const std::string &indent,
		       std::size_t width)
{
	constexpr std::size_t most = 10;
	std::vector<std::string_view> lines;
	std::optional<std::size_t> found;
	for (std::size_t at = 0; at < console.size();) {
		const auto end = std::min(console.find('\n', at), console.size());
		const std::string_view line = std::string_view(console).substr(at, end - at);
		if (!cause.empty() && !found && line.find(cause) != std::string_view::npos)
			found = lines.size();
		lines.push_back(line);
		at = end + 1;
	}
	const std::size_t from = found.value_or(lines.size() - std::min(lines.size(), most));
	std::string out;
	for (std::size_t i = from; i < std::min(lines.size(), from + most); i++)
		out += indent + std::string(lines[i].substr(0, std::max(width, indent.size() + 20) - indent.size())) + "\n";
	return out;
}

} // namespace

Json begin_report()
{
	Json out;
	out["report"] = report_format;
	out["tool"] = {{"name", "exit24"}, {"version", version}};
	return out;
}

void end_report(Json &report, const std::map<Status, std::size_t> &counts)
{
	for (const auto &[status, n] : counts)
		report["summary"][std::string(judge::name(status))] = n;
	report["exit_status"] = exit_status_of(counts);
}

void add_plan(Json &report, const Planned &planned)
{
	Json &plan = report["plan"] = {{"part", planned.partition.part}, {"of", planned.partition.of}};
	plan["cells"] = Json::array();
	for (const model::Cell &cell : planned.cells)
		plan["cells"].push_back(model::write_cell(cell));
	for (std::size_t i = 0; i < planned.ids.size(); i++)
		report["cells"][i]["id"] = planned.ids[i];
}

Json to_json(const std::vector<Cell> &cells, const model::Guests &guests)
{
	Json out = begin_report();
	for (const auto &[name, guest] : guests)
		out["guests"][name] = {{"code", encode_runs(guest.code)}, {"labels", guest.labels}};
	Json &list = out["cells"] = Json::array();
	for (const Cell &cell : cells) {
		Json item;
		item["cell"] = cell.id();
		item["kernel"] = cell.kernel;
		item["mode"] = cell.mode;
		item["environment"] = environment(cell);
		item["wall_ms"] = cell.wall_ms;
		item["repeat"] = cell.repeat;
		if (!cell.skip.empty())
			item["skip"] = cell.skip;
		item["boots"] = Json::array();
		for (const model::Boot &boot : cell.recording.boots) {
			Json b = {{"end", boot.end}, {"reason", boot.end_reason}};
			if (boot.end != "complete")
				b["console"] = boot.console_tail;
			if (boot.end_raw.contains("registers"))
				b["registers"] = boot.end_raw["registers"];
			item["boots"].push_back(b);
		}
		item["cases"] = Json::array();
		for (std::size_t i = 0; i < cell.cases.size(); i++)
			item["cases"].push_back(case_json(cell, i, guests));
		list.push_back(std::move(item));
	}
	end_report(out, count(cells));
	return out;
}

std::string explain(const model::Case &c, const judge::Verdict &v, const model::Recording &recording,
		    const std::string &repeat, std::size_t width)
{
	const std::string indent(11, ' ');
	std::string out;
	std::string reason = v.reason;
	const bool hangs = v.status == Status::hang || (v.known && v.known->verdict == "hang");
	if (v.step && !hangs && *v.step < c.steps.size())
		reason += " (step " + std::to_string(*v.step) + ", " + judge::describe(c.steps[*v.step]) + ")";
	out += wrap(reason, indent, width);
	if (v.known) {
		const std::string link = v.known->link.empty() ? "" : " (" + v.known->link + ")";
		return harmless(out + wrap("known: " + v.known->reason + link, indent, width));
	}

	if (!v.differences.empty()) {
		std::size_t first = 5, second = 4, third = 3;
		for (const judge::Difference &d : v.differences) {
			first = std::max(first, d.what.size());
			second = std::max(second, d.want.size());
			third = std::max(third, d.got.size());
		}
		if (indent.size() + first + second + third + 4 <= width) {
			out += indent + pad("", first) + "  " + pad("want", second) + "  got\n";
			for (const judge::Difference &d : v.differences)
				out += indent + pad(d.what, first) + "  " + pad(d.want, second) + "  " + d.got + "\n";
		} else {
			const auto labelled = [&](const std::string &label, const std::string &value) {
				return wrap(value.empty() ? "nothing" : value, indent + "        ", width).replace(indent.size() + 2, label.size(), label);
			};
			for (const judge::Difference &d : v.differences)
				out += indent + d.what + "\n" + labelled("want", d.want) + labelled("got", d.got);
		}
	}
	const auto it = recording.cases.find(c.name);
	if (it != recording.cases.end() && it->second.hang)
		out += diagnosis(it->second, indent, width);
	if (it != recording.cases.end() && !it->second.ended) {
		const model::Boot &boot = recording.boots[it->second.boot];
		out += last_words(boot.console_tail, boot.end_reason, indent + "| ", width);
	}
	if (v.status == Status::skip || v.status == Status::error)
		return harmless(out);
	out += wrap("catches: " + c.catches, indent, width);
	if (!c.hurts.empty())
		out += wrap("hurts: " + c.hurts, indent, width);
	if (!repeat.empty())
		out += indent + "repeat: " + repeat + " " + c.name + "\n";
	return harmless(out);
}

std::string harmless(const std::string &text)
{
	std::string out;
	for (const char c : text)
		if (c != '\r')
			out += (c >= ' ' && c < 0x7f) || c == '\n' ? c : '?';
	return out;
}

} // namespace exit24::report
