// SPDX-License-Identifier: GPL-2.0-only
#include "base/file.hpp"
#include "base/sha256.hpp"
#include "cli/cells.hpp"
#include "cli/data.hpp"
#include "cli/report.hpp"
#include "cli/results.hpp"
#include "cli/verbs.hpp"
#include "judge/known.hpp"
#include "machine/machine.hpp"
#include "machine/native.hpp"
#include "machine/process.hpp"
#include "machine/session.hpp"
#include "report/view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <functional>
#include <set>
#include <sys/utsname.h>
#include <thread>
#include <unistd.h>

namespace exit24::cli {

/// An argument as a shell takes it.
std::string quote(const std::string &word)
{
	if (!word.empty() && word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
						    "_-+=:,./@%") == std::string::npos)
		return word;
	std::string out = "'";
	for (const char c : word)
		out += c == '\'' ? std::string("'\\''") : std::string(1, c);
	return out + "'";
}

int fail(int status, const std::string &what)
{
	// One line, whatever a file or a program has said.
	std::string line = what;
	while (!line.empty() && line.back() == '\n')
		line.pop_back();
	for (char &c : line)
		if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
			c = '?';
	line = "exit24: " + line + "\n";
	std::fwrite(line.data(), 1, line.size(), stderr);
	return status;
}

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start)
{
	return std::chrono::duration<double>(Clock::now() - start).count();
}

/// One kernel in one mode, to be run.
struct Job {
	std::string kernel, mode;
	std::string recording; ///< name of its file
	std::string repeat;
	std::unique_ptr<machine::Machine> machine; ///< none if the mode cannot be given
	std::string skip;                          ///< why
	ImagePointer image;                        ///< what the machine boots, if it boots one
	std::string planned;                       ///< id of the cell

	std::string label() const { return kernel + " " + mode; }
};

/// When so many cases have failed, in whichever kernels and modes, all is to stop.
class Limit {
public:
	explicit Limit(unsigned most) : most_(most) {}

	void failed() { count_++; }
	std::string reached() const
	{
		return most_ == 0 || count_ < most_ ? ""
						    : fmt::format("not run: {} {} failed before (--max-fail {})", most_, most_ == 1 ? "case" : "cases", most_);
	}

private:
	const unsigned most_;
	std::atomic<unsigned> count_ = 0;
};

/// Prints a session as it goes on.
class Watcher final : public machine::Observer {
public:
	Watcher(Terminal &terminal, const Job &job, const std::vector<model::CaseText> &cases,
		const model::Guests &guests, const model::KnownFailures &known, bool only_trouble, Limit &limit)
		: terminal_(terminal), job_(job), cases_(cases), guests_(guests), known_(known), only_trouble_(only_trouble), limit_(limit)
	{
	}
	~Watcher() override { terminal_.busy(job_.label(), ""); }

	void booting(std::size_t n, std::size_t cases) override
	{
		done_ = 0;
		cases_now_ = cases;
		if (n > 1)
			terminal_.print(fmt::format("         {}  boot {}, {} cases left\n", terminal_.dim(job_.label()),
						    n, cases));
		terminal_.busy(job_.label(), "booting");
	}
	void greeted(const model::Hello &) override {}
	void begun(const std::string &name) override
	{
		terminal_.busy(job_.label(), fmt::format("{}/{} {}", ++done_, cases_now_, name));
	}
	void finished(const model::Recording &recording, const std::string &name) override
	{
		for (const model::CaseText &c : cases_) {
			if (c.parsed.name != name)
				continue;
			const auto verdict = judge::with_known(judge::judge(c.parsed, recording, guests_), c.parsed, recording,
							       known_);
			if (!only_trouble_ || (verdict.status != judge::Status::pass && verdict.status != judge::Status::skip))
				print_result(terminal_, job_.label(), c.parsed, verdict, recording, job_.repeat);
			finished_.insert(name);
			if (judge::is_failure(verdict.status) || verdict.status == judge::Status::error)
				limit_.failed();
		}
	}
	std::string enough() const override { return limit_.reached(); }
	bool has_finished(const std::string &name) const { return finished_.contains(name); }
	void boot_ended(const model::Boot &boot) override
	{
		if (boot.end != "complete" && boot.end_reason != limit_.reached())
			terminal_.print(fmt::format("         {}  {}\n", terminal_.dim(job_.label()),
						    report::harmless(boot.end_reason)));
	}

private:
	Terminal &terminal_;
	const Job &job_;
	const std::vector<model::CaseText> &cases_;
	const model::Guests &guests_;
	const model::KnownFailures &known_;
	bool only_trouble_;
	Limit &limit_;
	std::set<std::string> finished_;
	std::size_t done_ = 0, cases_now_ = 0;
};

bool on_arm64()
{
	utsname names;
	return ::uname(&names) == 0 && std::string_view(names.machine) == "aarch64";
}

/// How a QEMU names itself.
Result<std::string> version_of(const std::string &qemu)
{
	auto version = machine::output_of(qemu, {"--version"}, std::chrono::seconds(20));
	if (!version)
		return version;
	return version->substr(0, version->find('\n'));
}

Result<std::vector<Job>> lab_jobs(const RunOptions &options, const Places &places,
				  const std::vector<model::CaseText> &cases, report::Planned &planned)
{
	const auto qemu = machine::find_program(options.qemu);
	if (!qemu)
		return Error{"there is no " + options.qemu + "; install Debian's qemu-system-arm, or name it with --qemu"};
	const auto version = version_of(*qemu);
	if (!version)
		return version.error();
	std::optional<std::string> newer; // the QEMU that scripts/fetch-qemu has left
	if (::access(fetched_qemu().c_str(), X_OK) == 0)
		if (const auto other = version_of(fetched_qemu()))
			newer = *other;
	std::vector<Job> jobs;
	std::set<std::string> names;
	std::size_t number = 0;
	auto cells = plan_cells(options, cases, [&](const Planned &one) -> Result<void> {
		const ImagePointer &image = one.image;
		const model::Cell &cell = one.cell;
		machine::LabOptions lab = one.lab;
		std::string name = image->release + "-" + lab.mode;
		for (int n = 2; !names.insert(name).second; n++)
			name = image->release + "-" + lab.mode + "-" + std::to_string(n);
		if (!planned.partition.has(number++))
			return {};
		lab.agent = places.agent;
		lab.qemu = *qemu;
		lab.qemu_version = *version;
		std::string skip = machine::cannot_give(*image, lab);
		if (!skip.empty() && options.qemu == RunOptions().qemu && newer) {
			lab.qemu = fetched_qemu();
			lab.qemu_version = *newer;
			skip = machine::cannot_give(*image, lab);
		}
		auto machine = machine::make_lab(*image, lab);
		if (!machine)
			return machine.error();
		Job job{cell.kernel, cell.mode, name,
			fmt::format("{} --kernel {} --mode {}", options.command, quote(image->path), cell.mode),
			std::move(*machine), skip, image, cell.id};
		jobs.push_back(std::move(job));
		return {};
	});
	if (!cells)
		return cells.error();
	planned.cells = std::move(*cells);
	return jobs;
}

report::Cell run_job(Job &job, Terminal &terminal, const std::vector<model::CaseText> &cases,
		     const model::Guests &guests, const model::KnownFailures &known, const std::string &recordings,
		     bool only_trouble, Limit &limit, std::string &trouble)
{
	report::Cell cell;
	cell.kernel = job.kernel;
	cell.mode = job.mode;
	cell.repeat = job.repeat;
	if (!job.skip.empty()) {
		report::skip(cell, job.skip);
		return cell;
	}
	if (const std::string reached = limit.reached(); !reached.empty()) {
		report::skip(cell, reached);
		return cell;
	}
	std::vector<const model::CaseText *> pointers;
	for (const model::CaseText &c : cases)
		pointers.push_back(&c);
	Watcher watcher(terminal, job, cases, guests, known, only_trouble, limit);
	machine::Session session(*job.machine, pointers, guests, watcher);
	const auto start = Clock::now();
	session.run();

	cell.recording = session.recording();
	cell.cases = pointers;
	for (const model::CaseText *c : pointers)
		cell.verdicts.push_back(judge::with_known(judge::judge(c->parsed, cell.recording, guests), c->parsed,
							  cell.recording, known));
	if (const std::string reached = limit.reached(); !reached.empty())
		for (std::size_t i = 0; i < pointers.size(); i++)
			if (!watcher.has_finished(pointers[i]->parsed.name)) {
				cell.verdicts[i] = {};
				cell.verdicts[i].status = judge::Status::skip;
				cell.verdicts[i].reason = reached;
			}
	skip_in_another_mode(terminal, cell);
	cell.wall_ms = static_cast<std::uint64_t>(seconds_since(start) * 1000);
	if (!recordings.empty()) {
		const std::string file = recordings + "/" + job.recording + ".jsonl";
		if (auto r = write_file(file, session.text()); !r)
			trouble = r.error().what;
	}
	return cell;
}

std::size_t failures(const report::Cell &cell)
{
	return static_cast<std::size_t>(std::count_if(cell.verdicts.begin(), cell.verdicts.end(), [](const auto &v) {
		return judge::is_failure(v.status) || v.status == judge::Status::error;
	}));
}

/// Runs a cell again and again. What comes out is the run with the most failures; a case whose verdicts differ
/// between the runs fails, and says how often it had which.
report::Cell run_often(unsigned times, Terminal &terminal, const Job &job, const std::function<report::Cell()> &run,
		       const Limit &limit, model::Json &tally)
{
	std::optional<report::Cell> worst;
	std::vector<std::map<judge::Status, unsigned>> counts;
	std::vector<judge::Verdict> bad; // of each case, one that is no pass, if there was one
	unsigned n = 0;
	for (; n < times && !machine::interrupted() && (n == 0 || limit.reached().empty()); n++) {
		if (times > 1)
			terminal.print(fmt::format("         {}  run {} of {}\n", terminal.dim(job.label()), n + 1, times));
		report::Cell cell = run();
		counts.resize(cell.verdicts.size());
		bad.resize(cell.verdicts.size());
		for (std::size_t i = 0; i < cell.verdicts.size(); i++) {
			counts[i][cell.verdicts[i].status]++;
			if (cell.verdicts[i].status != judge::Status::pass)
				bad[i] = cell.verdicts[i];
		}
		if (!worst || failures(cell) > failures(*worst))
			worst.emplace(std::move(cell));
	}
	std::size_t flaky = 0;
	tally = {{"cell", job.label()}, {"runs", n}, {"cases", 0}, {"flaky", model::Json::array()}, {"failed", model::Json::array()}};
	for (std::size_t i = 0; worst && i < counts.size(); i++) {
		const std::string &name = worst->cases[i]->parsed.name;
		tally["cases"] = tally["cases"].get<unsigned>() + !counts[i].contains(judge::Status::skip);
		if (counts[i].size() < 2) {
			if (judge::is_failure(worst->verdicts[i].status) || worst->verdicts[i].status == judge::Status::error)
				tally["failed"].push_back(name);
			continue;
		}
		flaky++;
		tally["flaky"].push_back(name);
		std::string words;
		for (const auto &[status, count] : counts[i])
			words += fmt::format("{}{} {}", words.empty() ? "" : ", ", count, judge::name(status));
		judge::Verdict &v = worst->verdicts[i] = bad[i];
		v.reason = fmt::format("flaky, {} runs: {}; once: {}", n, words, v.reason);
		v.status = judge::Status::fail;
	}
	if (times > 1 && worst)
		terminal.print(fmt::format("         {}  {} runs: {} cases are flaky\n", terminal.dim(job.label()), n, flaky));
	return worst ? std::move(*worst) : run();
}

/// The cases that are not right in a report become what is to be run; so do the kernels and modes in which they
/// are not, where the options name none.
Result<void> choose_failed(RunOptions &options)
{
	const auto view = report::read_view({options.rerun_failed});
	if (!view)
		return view.error();
	std::set<std::string> names, kernels, modes;
	for (const report::SeenCell &cell : view->cells) {
		bool failed = false;
		for (const report::SeenCase &c : cell.cases) {
			const report::Grade grade = report::grade(c.verdict);
			if (grade != report::Grade::bad && grade != report::Grade::broken)
				continue;
			names.insert(c.name);
			failed = true;
		}
		if (!failed)
			continue;
		if (!cell.image_file.empty())
			kernels.insert(cell.image_file);
		if (cell.emulated)
			modes.insert(cell.mode);
	}
	options.globs.assign(names.begin(), names.end());
	if (options.kernels.empty() && options.machine != "native")
		options.kernels.assign(kernels.begin(), kernels.end());
	if (options.modes.empty())
		options.modes.assign(modes.begin(), modes.end());
	return {};
}

} // namespace

int run(RunOptions options)
{
	return run(CellOptions{std::move(options), {}});
}

int run(CellOptions options)
{
	Places places = find_places();
	if (!options.cases.empty())
		places.cases = options.cases;
	if (!options.rerun_failed.empty()) {
		if (auto r = choose_failed(options); !r)
			return fail(2, r.error().what);
		if (options.globs.empty())
			return fail(3, options.rerun_failed + ": nothing failed in it, so there is nothing to run again");
	}
	if (options.modes.empty())
		options.modes = {"nvhe", "vhe"};
	auto cases = select_cases(places.cases, options.globs, options.tags, options.exclude);
	if (!cases)
		return fail(2, cases.error().what);
	if (options.list) {
		for (const model::CaseText &c : *cases)
			fmt::print("{}\n", c.parsed.name);
		return std::fflush(stdout) == 0 ? 0 : fail(3, "cannot write to the standard output");
	}
	auto guests = load_guests(places.guests, *cases);
	if (!guests)
		return fail(2, guests.error().what);
	auto known = load_known_failures(options.known_failures, places.cases);
	if (!known)
		return fail(2, known.error().what);
	if (!options.json.empty())
		if (auto r = check_writable(options.json); !r)
			return fail(2, r.error().what);
	for (const std::string &asked : options.reports)
		if (auto r = check_report(asked); !r)
			return fail(2, "--report: " + r.error().what);
	if (!options.recordings.empty()) {
		std::error_code error;
		std::filesystem::create_directories(options.recordings, error);
		if (error)
			return fail(2, "cannot make the folder " + options.recordings + ": " + error.message());
		if (auto r = check_writable(options.recordings + "/recording"); !r)
			return fail(2, r.error().what);
	}

	const bool native = options.machine == "native" ||
			    (options.machine == "auto" && options.kernels.empty() && on_arm64() &&
			     ::access("/dev/kvm", R_OK | W_OK) == 0);
	report::Planned planned;
	planned.partition = options.partition;
	std::vector<Job> jobs;
	if (native) {
		planned.cells = {native_cell(*cases)};
		const model::Cell &cell = planned.cells.front();
		if (planned.partition.has(0))
			jobs.push_back({cell.kernel, cell.mode, cell.kernel + "-native", options.command + " --machine native",
					machine::make_native(places.agent), "", nullptr, cell.id});
	} else {
		auto made = lab_jobs(options, places, *cases, planned);
		if (!made)
			return fail(2, made.error().what);
		jobs = std::move(*made);
	}
	if (auto r = check_partition(planned.partition, planned.cells); !r)
		return fail(2, r.error().what);
	for (const Job &job : jobs)
		planned.ids.push_back(job.planned);

	const auto start = Clock::now();
	std::vector<report::Cell> cells(jobs.size());
	std::vector<std::string> troubles(jobs.size());
	std::vector<model::Json> tallies(jobs.size());
	int status = 0;
	{
		Terminal terminal;
		for (const Job &job : jobs) {
			if (!job.skip.empty()) {
				print_skipped(terminal, job.label(), job.skip);
				continue;
			}
			const model::Json facts = job.machine->describe();
			terminal.print(fmt::format("    {} {} case{} on {} ({}{})\n", terminal.bold("Starting"),
						   cases->size(), cases->size() == 1 ? "" : "s", job.label(), facts.value("machine", ""),
						   native ? std::string()
							  : ", emulated cpu " + facts.value("cpu", "")));
		}
		Limit limit(options.max_fail);
		const std::size_t wanted = options.jobs ? options.jobs : std::thread::hardware_concurrency();
		std::atomic<std::size_t> next{0};
		std::vector<std::thread> workers;
		for (std::size_t i = 0; i < std::clamp<std::size_t>(wanted, 1, jobs.size()); i++)
			workers.emplace_back([&] {
				for (std::size_t n; (n = next++) < jobs.size();)
					cells[n] = run_often(options.repeat, terminal, jobs[n], [&] {
						return run_job(jobs[n], terminal, *cases, *guests, *known, options.recordings,
							       options.repeat > 1, limit, troubles[n]);
					}, limit, tallies[n]);
			});
		for (std::thread &worker : workers)
			worker.join();
		if (const std::string reached = limit.reached(); !reached.empty()) {
			std::size_t left = 0, modes = 0;
			for (const report::Cell &cell : cells) {
				modes += cell.skip == reached;
				for (const judge::Verdict &v : cell.verdicts)
					left += v.reason == reached;
			}
			terminal.print(fmt::format("{} after {} failed: {} cases were not run{}\n", terminal.bold(" Stopped"), options.max_fail, left,
						   modes == 0 ? "" : fmt::format(", nor any of {} {}", modes, modes == 1 ? "kernel and mode" : "kernels and modes")));
		}
		if (options.slowest > 0)
			print_slowest(terminal, cells, options.slowest);
		status = conclude(terminal, cells, *guests, options.json, seconds_since(start), options.reports, planned);
	}
	for (const std::string &trouble : troubles)
		if (!trouble.empty())
			status = fail(3, trouble);
	if (!options.tally.empty()) {
		char date[32];
		const std::time_t now = std::time(nullptr);
		std::strftime(date, sizeof(date), "%Y-%m-%d", std::gmtime(&now));
		const model::Json json = {{"alarms", 1}, {"command", options.command + fmt::format(" --repeat {}", options.repeat)},
					  {"date", date}, {"cells", tallies}};
		if (auto r = write_file(options.tally, json.dump(1, '\t') + "\n"); !r)
			status = fail(3, r.error().what);
	}
	if (native && status == 3)
		if (const auto obstacle = machine::native_obstacle())
			status = fail(3, obstacle->why + "; " + obstacle->mend);
	if (machine::interrupted())
		return fail(130, "interrupted; what had been judged by then is above");
	return status;
}

} // namespace exit24::cli
