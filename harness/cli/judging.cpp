// SPDX-License-Identifier: GPL-2.0-only
#include "cli/judging.hpp"

#include "base/file.hpp"
#include "base/sha256.hpp"
#include "cli/report.hpp"
#include "cli/results.hpp"
#include "judge/known.hpp"

#include <algorithm>
#include <chrono>

namespace exit24::cli {

Result<Judging> Judging::open(const JudgeOptions &options)
{
	Judging out;
	const Places places = find_places();
	out.options_ = options;
	out.folder_ = options.cases.empty() ? places.cases : options.cases;
	auto cases = load_cases(out.folder_, {});
	if (!cases)
		return cases.error();
	auto guests = load_guests(places.guests, *cases);
	if (!guests)
		return guests.error();
	auto known = load_known_failures(options.known_failures, out.folder_);
	if (!known)
		return known.error();
	if (!options.json.empty())
		if (auto r = check_writable(options.json); !r)
			return r.error();
	for (const std::string &asked : options.reports)
		if (auto r = check_report(asked); !r)
			return Error{"--report: " + r.error().what};
	out.cases_ = std::move(*cases);
	out.guests_ = std::move(*guests);
	out.known_ = std::move(*known);
	return out;
}

Result<report::Cell> Judging::judge(const std::string &file, model::Recording recording, const std::string &repeat) const
{
	const model::Boot &first = recording.boots.front();
	for (const auto &[name, hash] : first.guests)
		if (guests_.contains(name) && sha256(guests_.at(name).code) != hash)
			return Error{file + ": was recorded with another build of guest \"" + name +
				     "\"; judge it with the exit24 that made it, or record it again"};
	report::Cell cell;
	cell.kernel = first.hello ? first.hello->release : "unknown";
	// Of a machine that nobody has described there is what KVM itself says.
	const std::string own = first.hello && first.machine.value("machine", "") == "exported" ? first.hello->kvm_mode : "";
	cell.mode = first.machine.value("mode", own.empty() ? "native" : own);
	cell.repeat = repeat;
	cell.repeat_cases = false;
	for (const std::string &name : first.cases) {
		const auto c = std::find_if(cases_.begin(), cases_.end(), [&](const auto &x) { return x.parsed.name == name; });
		if (c == cases_.end())
			return Error{file + ": has case \"" + name + "\", which is not in " + folder_ +
				     "; name the folder that has it with --cases"};
		cell.cases.push_back(&*c);
		cell.verdicts.push_back(judge::with_known(judge::judge(c->parsed, recording, guests_), c->parsed, recording, known_));
	}
	cell.recording = std::move(recording);
	return cell;
}

int Judging::conclude(std::vector<report::Cell> &cells, double seconds, const report::Planned &planned) const
{
	Terminal terminal;
	for (report::Cell &cell : cells) {
		skip_in_another_mode(terminal, cell);
		for (std::size_t i = 0; i < cell.cases.size(); i++)
			print_result(terminal, cell.kernel + " " + cell.mode, cell.cases[i]->parsed, cell.verdicts[i],
				     cell.recording, "");
	}
	return cli::conclude(terminal, cells, guests_, options_.json, seconds, options_.reports, planned);
}

int judge_recordings(const JudgeOptions &options)
{
	using Clock = std::chrono::steady_clock;
	const auto judging = Judging::open(options);
	if (!judging)
		return fail(2, judging.error().what);
	const auto start = Clock::now();
	std::vector<report::Cell> cells;
	for (const std::string &file : options.recordings) {
		auto text = read_file(file);
		if (!text)
			return fail(2, text.error().what);
		auto recording = model::parse_recording(file, *text);
		if (!recording)
			return fail(2, recording.error().what);
		auto cell = judging->judge(file, std::move(*recording),
					   "exit24 judge " + (options.cases.empty() ? "" : "--cases " + quote(options.cases) + " ") + quote(file));
		if (!cell)
			return fail(2, cell.error().what);
		cells.push_back(std::move(*cell));
	}
	return judging->conclude(cells, std::chrono::duration<double>(Clock::now() - start).count());
}

} // namespace exit24::cli
