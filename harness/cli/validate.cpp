// SPDX-License-Identifier: GPL-2.0-only
#include "base/file.hpp"
#include "base/sha256.hpp"
#include "base/version.hpp"
#include "cli/data.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"
#include "judge/known.hpp"
#include "machine/image.hpp"
#include "machine/initramfs.hpp"
#include "machine/machine.hpp"
#include "machine/process.hpp"
#include "machine/scratch.hpp"
#include "machine/session.hpp"
#include "model/citation.hpp"
#include "report/compare.hpp"
#include "report/report.hpp"
#include "series/build.hpp"
#include "series/cache.hpp"
#include "series/mail.hpp"
#include "series/semantic.hpp"
#include "series/tracking.hpp"
#include "series/verdict.hpp"
#include "series/workspace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <poll.h>
#include <set>
#include <thread>
#include <unistd.h>

namespace fs = std::filesystem;

namespace exit24::cli {

namespace {

using Clock = std::chrono::steady_clock;
using model::Json;
using series::State;

constexpr std::size_t mail_limit = std::size_t{64} << 20;

double seconds_since(Clock::time_point start)
{
	return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Boots images in the lab and judges them. What has run once is not run again.
class Lab {
public:
	static Result<Lab> create(const ValidateOptions &options, const Places &places, const std::string &cache);

	/// One cell per mode, side by side.
	Result<std::vector<report::Cell>> run(const machine::Image &image, const std::string &who, Terminal &terminal,
					      const std::string &repeat, bool &all_kept) const;

	const std::vector<model::CaseText> &cases() const { return cases_; }
	const model::Guests &guests() const { return guests_; }
	const std::vector<std::string> &modes() const { return modes_; }
	const std::string &qemu_version() const { return options_.qemu_version; }

private:
	Lab() = default;
	Result<report::Cell> run_mode(const machine::Image &image, const std::string &mode, const std::string &who,
				      Terminal &terminal, bool &kept) const;

	machine::LabOptions options_;
	std::optional<std::string> newer_; ///< version of the QEMU that scripts/fetch-qemu has left, for modes that need it
	model::KnownFailures known_;
	std::vector<std::string> modes_;
	std::vector<model::CaseText> cases_;
	model::Guests guests_;
	std::string kept_, agent_sha256_;
	unsigned jobs_ = 1;
};

Result<Lab> Lab::create(const ValidateOptions &options, const Places &places, const std::string &cache)
{
	Lab lab;
	const auto qemu = machine::find_program(options.qemu);
	if (!qemu)
		return Error{"there is no " + options.qemu + "; install Debian's qemu-system-arm, or name it with --qemu"};
	auto version = machine::output_of(*qemu, {"--version"}, std::chrono::seconds(20));
	if (!version)
		return version.error();
	lab.options_.qemu = *qemu;
	lab.options_.qemu_version = version->substr(0, version->find('\n'));
	if (options.qemu == ValidateOptions().qemu && ::access(fetched_qemu().c_str(), X_OK) == 0)
		if (auto other = machine::output_of(fetched_qemu(), {"--version"}, std::chrono::seconds(20)); other)
			lab.newer_ = other->substr(0, other->find('\n'));
	lab.options_.agent = places.agent;
	auto agent = machine::read_agent(places.agent);
	if (!agent)
		return agent.error();
	lab.agent_sha256_ = sha256(*agent);
	const std::string &folder = options.cases.empty() ? places.cases : options.cases;
	auto known = load_known_failures(options.known_failures, folder);
	if (!known)
		return known.error();
	lab.known_ = std::move(*known);
	auto cases = load_cases(folder, options.globs);
	if (!cases)
		return cases.error();
	lab.cases_ = std::move(*cases);
	auto guests = load_guests(places.guests, lab.cases_);
	if (!guests)
		return guests.error();
	lab.guests_ = std::move(*guests);
	lab.modes_ = options.modes;
	lab.kept_ = cache + "/recordings";
	lab.jobs_ = options.jobs ? options.jobs : std::max(1u, std::thread::hardware_concurrency());
	return lab;
}

/// A session is watched from one line.
class Quiet final : public machine::Observer {
public:
	Quiet(Terminal &terminal, std::string who) : terminal_(terminal), who_(std::move(who)) {}
	~Quiet() override { terminal_.busy(who_, ""); }

	void booting(std::size_t n, std::size_t cases) override
	{
		done_ = 0;
		all_ = cases;
		terminal_.busy(who_, n == 1 ? "booting" : fmt::format("boot {}", n));
	}
	void greeted(const model::Hello &) override {}
	void begun(const std::string &name) override { terminal_.busy(who_, fmt::format("{}/{} {}", ++done_, all_, name)); }
	void finished(const model::Recording &, const std::string &) override {}
	void boot_ended(const model::Boot &) override {}

private:
	Terminal &terminal_;
	std::string who_;
	std::size_t done_ = 0, all_ = 0;
};

Result<report::Cell> Lab::run_mode(const machine::Image &image, const std::string &mode, const std::string &who,
				   Terminal &terminal, bool &kept) const
{
	machine::LabOptions options = options_;
	options.mode = mode;
	std::string cannot = machine::cannot_give(image, options);
	if (!cannot.empty() && newer_) {
		options.qemu = fetched_qemu();
		options.qemu_version = *newer_;
		cannot = machine::cannot_give(image, options);
	}
	if (!cannot.empty()) {
		report::Cell cell;
		cell.kernel = image.release;
		cell.mode = mode;
		report::skip(cell, cannot);
		kept = true;
		return cell;
	}
	auto machine = machine::make_lab(image, options);
	if (!machine)
		return machine.error();
	std::vector<const model::CaseText *> cases;
	for (const model::CaseText &c : cases_)
		cases.push_back(&c);

	// With the deterministic clock the same image, agent and plan record the same.
	Json facts = (*machine)->describe();
	facts["image"].erase("file");
	const std::string id = sha256(facts.dump() + "\n" + agent_sha256_ + "\n" + version + "\n" + model::write_plan(cases, guests_));
	const std::string file = kept_ + "/" + id + ".jsonl";
	report::Cell cell;
	cell.kernel = image.release;
	cell.mode = mode;
	cell.cases = cases;
	kept = false;
	const auto start = Clock::now();
	if (auto text = read_file(file); text) {
		if (auto recording = model::parse_recording(file, *text); recording) {
			cell.recording = std::move(*recording);
			kept = true;
			std::error_code error;
			fs::last_write_time(file, fs::file_time_type::clock::now(), error); // it is of use
		}
	}
	if (!kept) {
		Quiet watcher(terminal, who + ", " + mode);
		machine::Session session(**machine, cases, guests_, watcher);
		session.run();
		if (machine::interrupted())
			return Error{"interrupted"};
		cell.recording = session.recording();
		const bool machine_failed = std::any_of(cell.recording.boots.begin(), cell.recording.boots.end(),
							[](const model::Boot &boot) { return boot.end == "machine"; });
		std::error_code error;
		fs::create_directories(kept_, error);
		if (!machine_failed)
			if (auto r = write_file(file, session.text()); !r)
				return r.error();
	}
	for (const model::CaseText *c : cases)
		cell.verdicts.push_back(judge::with_known(judge::judge(c->parsed, cell.recording, guests_), c->parsed, cell.recording, known_));
	if (!cell.recording.boots.empty())
		if (const std::string wrong = model::wrong_mode(cell.recording.boots.back()); !wrong.empty())
			report::skip(cell, wrong);
	cell.wall_ms = static_cast<std::uint64_t>(seconds_since(start) * 1000);
	return cell;
}

Result<std::vector<report::Cell>> Lab::run(const machine::Image &image, const std::string &who, Terminal &terminal,
					   const std::string &repeat, bool &all_kept) const
{
	std::vector<std::optional<Result<report::Cell>>> results(modes_.size());
	std::vector<char> kept(modes_.size());
	std::atomic<std::size_t> next{0};
	std::vector<std::thread> workers;
	for (std::size_t i = 0; i < std::clamp<std::size_t>(jobs_, 1, modes_.size()); i++)
		workers.emplace_back([&] {
			for (std::size_t n; (n = next++) < modes_.size();) {
				bool from_cache = false;
				results[n] = run_mode(image, modes_[n], who, terminal, from_cache);
				kept[n] = from_cache;
			}
		});
	for (std::thread &worker : workers)
		worker.join();
	std::vector<report::Cell> cells;
	all_kept = true;
	for (std::size_t n = 0; n < modes_.size(); n++) {
		if (!*results[n])
			return results[n]->error();
		report::Cell &cell = results[n]->value();
		cell.repeat = fmt::format("{} --mode {}", repeat, modes_[n]);
		cells.push_back(std::move(cell));
		all_kept = all_kept && kept[n];
	}
	return cells;
}

/// The hashes of the sentences of the documents that the cases rest on.
std::set<std::string> sentences_of(const std::string &tree, const std::set<std::string> &docs)
{
	std::set<std::string> hashes;
	for (const std::string &doc : docs)
		if (auto text = read_file(tree + "/" + doc, std::size_t{1} << 24); text)
			for (const std::string &sentence : model::sentences(doc, *text))
				hashes.insert(sha256(sentence).substr(0, 12));
	return hashes;
}

class Validation {
public:
	Validation(const ValidateOptions &options, Terminal &terminal) : options_(options), terminal_(terminal) {}
	int run();

	const std::vector<State> &states() const { return states_; }
	const series::Verdict &verdict() const { return verdict_; }
	series::Circumstances circumstances() const;

private:
	Result<void> prepare();
	void introduce();
	Result<std::vector<series::FileChange>> apply(series::Workspace &to, const series::Patch &patch) const;
	Result<std::optional<State>> check_all();
	int judge_state(State &state, const State *before);
	void texts(State &state);
	void print_state(const State &state);
	int conclude();
	void busy(const std::string &with);

	const ValidateOptions &options_;
	Terminal &terminal_;
	series::Series series_;
	std::optional<series::Workspace> workspace_;
	std::optional<series::Builder> builder_;
	std::optional<Lab> lab_;
	std::vector<State> states_;
	series::Verdict verdict_;
	std::string current_; ///< the state that is being made
	std::vector<std::string> header_wrong_; ///< of the state before
	bool touches_headers_ = false;
	std::set<std::string> cited_docs_, sentences_;
	std::size_t planned_ = 0;
	Clock::time_point start_ = Clock::now(), state_start_ = start_;
	std::vector<double> times_; ///< of each patch so far
	double last_time_ = 0;      ///< of a patch, when this tree was last validated
};

/// Where the seconds that a patch of this tree took are kept.
std::string times_file(const series::Workspace &workspace)
{
	return workspace.slot_folder() + "/seconds-a-patch";
}

void Validation::busy(const std::string &with)
{
	std::string left;
	// The base is not like the patches, so it is no measure for them.
	if (!states_.empty() && planned_ > states_.size()) {
		const double seconds = series::seconds_left(times_.empty() && last_time_ > 0 ? std::vector{last_time_} : times_,
							    planned_ - states_.size(), seconds_since(state_start_));
		if (seconds > 0)
			left = fmt::format(", about {:.0f} s left", seconds);
	}
	terminal_.busy(current_.empty() ? "validate" : current_, with.empty() ? "" : with + left);
}

Result<std::vector<series::FileChange>> Validation::apply(series::Workspace &to, const series::Patch &patch) const
{
	return patch.semantic ? series::apply_semantic(to, patch.name, patch.text) : to.apply(patch.name, patch.text);
}

Result<void> Validation::prepare()
{
	std::error_code error;
	if (!fs::is_directory(options_.tree, error))
		return Error{"there is no kernel tree " + options_.tree + "; give a git tree or an unpacked linux-source with --linux"};
	auto read = series::read_series(options_.series, options_.tree);
	if (!read)
		return read.error();
	series_ = std::move(*read);
	for (const std::string &file : {options_.json, options_.reply, options_.reports.empty() ? "" : options_.reports + "/report"})
		if (!file.empty()) {
			if (!options_.reports.empty())
				fs::create_directories(options_.reports, error);
			if (auto r = check_writable(file); !r)
				return r.error();
		}
	const Places places = find_places();
	const std::string cache = cache_folder();
	auto lab = Lab::create(options_, places, cache);
	if (!lab)
		return lab.error();
	lab_ = std::move(*lab);
	auto builder = series::Builder::create({.fragment = places.patches + "/exit24.config", .kconfig = "", .make = {},
						.jobs = options_.jobs, .limit = std::chrono::seconds(options_.build_limit),
						.sandbox = options_.sandbox});
	if (!builder)
		return builder.error();
	builder_ = std::move(*builder);

	std::string base = options_.base;
	if (base.empty() && !series_.base_commit.empty() && fs::exists(options_.tree + "/.git", error))
		base = series_.base_commit;
	series::Workspace::Options where{.cache = cache, .tree = options_.tree, .commit = base, .slot = 0,
					 .progress = [this](const std::string &what) { busy(what); }};
	auto workspace = series::Workspace::open(where);
	if (!workspace && options_.base.empty() && !base.empty()) {
		series_.notes.push_back("the tree does not have commit " + base.substr(0, 12) + ", which the series is made for; HEAD is taken");
		where.commit.clear();
		workspace = series::Workspace::open(where);
	}
	if (!workspace)
		return workspace.error();
	workspace_ = std::move(*workspace);
	if (workspace_->fresh() || series::eviction_is_due(cache)) {
		busy("looking at the size of the cache");
		auto limit = series::cache_limit();
		if (!limit)
			return limit.error();
		auto gone = series::evict(cache, *limit);
		if (!gone)
			return gone.error();
		if (gone->bytes > 0)
			series_.notes.push_back(fmt::format("the cache {} had more than {} GiB: {} kernel trees and {} images and recordings that were not "
							    "used for longest, {:.1f} GiB, are removed", cache, *limit >> 30, gone->trees, gone->others,
							    static_cast<double>(gone->bytes) / (1 << 30)));
	}
	if (auto text = read_file(times_file(*workspace_)); text)
		last_time_ = std::strtod(text->c_str(), nullptr);
	for (const model::CaseText &c : lab_->cases())
		for (const model::Citation &citation : c.parsed.spec)
			cited_docs_.insert(citation.doc);
	return {};
}

std::string name_of(const ValidateOptions &options, const series::Series &series, std::size_t i)
{
	const series::Patch &patch = series.patches[i];
	return options.whole			       ? "all"
	       : patch.name.starts_with("patch ") ? patch.name
						  : fmt::format("patch {}/{}", i + 1, series.patches.size());
}

/// Applies all patches before anything is built: the first one that does not apply, if there is one.
Result<std::optional<State>> Validation::check_all()
{
	const auto refuse = [&](std::size_t n, const std::string &why) {
		State state;
		state.what = State::does_not_apply;
		state.why = why;
		const bool base = n < series_.base.size();
		state.name = base ? "base" : name_of(options_, series_, n - series_.base.size());
		state.subject = base ? series_.base[n].subject : series_.patches[n - series_.base.size()].subject;
		return state;
	};
	std::set<std::string> paths;
	std::vector<series::Patch> all = series_.base;
	all.insert(all.end(), series_.patches.begin(), series_.patches.end());
	for (std::size_t n = 0; n < all.size(); n++) {
		if (all[n].semantic) {
			for (const std::string &file : series::semantic_files(all[n].text))
				paths.insert(file);
			continue;
		}
		auto files = series::parse_diff(all[n].name, all[n].text);
		if (!files)
			return std::optional(refuse(n, files.error().what));
		for (const series::FileChange &file : *files) {
			paths.insert(file.path);
			touches_headers_ = touches_headers_ || series::is_user_header(file.path);
			if (!file.old_path.empty())
				paths.insert(file.old_path);
		}
	}
	auto scratch = machine::Scratch::create();
	if (!scratch)
		return scratch.error();
	auto sheet = workspace_->sheet(scratch->folder(), paths);
	if (!sheet)
		return sheet.error();
	for (std::size_t n = 0; n < all.size(); n++)
		if (auto files = apply(*sheet, all[n]); !files)
			return std::optional(refuse(n, files.error().what));
	return std::optional<State>();
}

/// What the patch did to the texts that programs and people rely on.
void Validation::texts(State &state)
{
	bool header = states_.empty() && touches_headers_, document = false;
	for (const series::FileChange &file : state.files) {
		header = header || series::is_user_header(file.path) || series::is_user_header(file.old_path);
		document = document || cited_docs_.contains(file.path) || cited_docs_.contains(file.old_path);
	}
	if (header) {
		if (auto wrong = wrong_numbers(workspace_->linux_folder()); wrong) {
			for (const std::string &w : *wrong)
				if (std::find(header_wrong_.begin(), header_wrong_.end(), w) == header_wrong_.end())
					state.header_broken.push_back(w);
			for (const std::string &w : header_wrong_)
				if (std::find(wrong->begin(), wrong->end(), w) == wrong->end())
					state.header_mended.push_back(w);
			if (states_.empty() && state.files.empty())
				state.header_broken.clear(); // the tree's own
			header_wrong_ = std::move(*wrong);
		} else {
			state.header_broken.push_back(wrong.error().what);
		}
	}
	if (document || states_.empty()) {
		std::set<std::string> now = sentences_of(workspace_->linux_folder(), cited_docs_);
		if (!states_.empty())
			for (const model::CaseText &c : lab_->cases())
				for (const model::Citation &citation : c.parsed.spec) {
					const bool was = sentences_.contains(citation.sentence), is = now.contains(citation.sentence);
					if (was != is)
						(is ? state.sentences_new : state.sentences_gone).push_back(c.parsed.name);
				}
		sentences_ = std::move(now);
	}
}

/// Builds and boots what the workspace holds. 0, or the status with which all of it ends.
int Validation::judge_state(State &state, const State *before)
{
	current_ = state.name;
	state_start_ = Clock::now();
	auto built = builder_->build(*workspace_, [this](const std::string &what) { busy(what); });
	busy("");
	if (!built)
		return machine::interrupted() ? 130 : fail(3, built.error().what);
	state.built = std::move(*built);
	if (!state.built.ok) {
		state.what = State::does_not_build;
		state.why = (state.built.place.empty() ? "" : state.built.place + ": ") + state.built.error;
		return 0;
	}
	if (before && before->built.image_sha256 == state.built.image_sha256) {
		state.same_image = true;
		state.cells = before->cells;
		state.report = before->report;
		state.comparison = report::compare(before->report, state.report);
		state.recorded = true;
		return 0;
	}
	auto image = machine::load_image(state.built.image);
	if (!image) {
		state.what = State::does_not_build;
		state.why = image.error().what;
		return 0;
	}
	const auto start = Clock::now();
	auto cells = lab_->run(*image, state.name, terminal_, "exit24 run --kernel " + quote(state.built.image), state.recorded);
	if (!cells)
		return machine::interrupted() ? 130 : fail(3, cells.error().what);
	state.boot_seconds = seconds_since(start);
	state.cells = std::move(*cells);
	bool machine_failed = false;
	state.why = series::why_no_boot(state.cells, state.console, machine_failed);
	if (!state.why.empty()) {
		state.what = machine_failed ? State::unjudged : State::does_not_boot;
		return 0;
	}
	if (std::all_of(state.cells.begin(), state.cells.end(), [](const report::Cell &cell) { return !cell.skip.empty(); })) {
		state.what = State::unjudged;
		state.why = state.cells.front().mode + ": " + state.cells.front().skip;
		return 0;
	}
	state.report = report::to_json(state.cells, lab_->guests());
	if (before)
		state.comparison = report::compare(before->report, state.report);
	return 0;
}

void Validation::print_state(const State &state)
{
	terminal_.print(fmt::format("{:>9} {}\n", state.name, terminal_.bold(report::harmless(state.subject))) +
			series::describe(state, terminal_.width()));
}

/// What is validated, with what, and what a person should know before any of it is run.
void Validation::introduce()
{
	std::string modes;
	for (const std::string &mode : lab_->modes())
		modes += (modes.empty() ? "" : ", ") + mode;
	terminal_.print(fmt::format("{} {} ({} {}) on {}{}\n", terminal_.bold("Validating"), report::harmless(series_.title),
				    series_.patches.size(), series_.patches.size() == 1 ? "patch" : "patches", options_.tree,
				    workspace_->commit().empty() ? "" : ", commit " + workspace_->commit().substr(0, 12)));
	terminal_.print(fmt::format("          {} cases in {}, emulated: {}; {}\n", lab_->cases().size(), modes, lab_->qemu_version(), builder_->compiler()));
	if (!builder_->notice().empty())
		terminal_.print(terminal_.bold("  WARNING ") + builder_->notice() + "\n");
	const auto note = [&](const std::string &what) {
		terminal_.print(report::wrap(report::harmless("note: " + what), "          ", terminal_.width()));
	};
	for (const std::string &what : series_.notes)
		note(what);
	std::string steering;
	std::set<std::string> told;
	for (const series::Patch &patch : series_.patches)
		if (auto files = series::parse_diff(patch.name, patch.text); files && !patch.semantic)
			for (const series::FileChange &file : *files)
				if (series::steers_the_build(file.path) && told.insert(file.path).second)
					steering += (steering.empty() ? "" : ", ") + file.path;
	if (!steering.empty())
		note("the series changes what is run when a kernel is built: " + steering);
}

int Validation::run()
{
	busy("reading");
	if (auto r = prepare(); !r) {
		busy("");
		return machine::interrupted() ? fail(130, "interrupted") : fail(2, r.error().what);
	}
	busy("");
	introduce();
	auto refused = check_all();
	if (machine::interrupted())
		return fail(130, "interrupted");
	if (!refused)
		return fail(3, refused.error().what);
	State base;
	base.name = "base";
	base.subject = options_.tree + (workspace_->commit().empty() ? "" : " " + workspace_->commit().substr(0, 12));
	if (*refused) {
		const State &state = **refused;
		terminal_.print(report::wrap("DOES NOT APPLY: " + report::harmless(state.why), "          ", terminal_.width()));
		terminal_.print("nothing was built\n");
		base.what = State::unjudged;
		base.why = "nothing was built, because the series does not apply";
		states_ = {std::move(base), state};
		const int status = conclude();
		return status == 4 ? fail(4, report::harmless(state.why)) : status;
	}
	const auto end_with = [&](int status) {
		std::ignore = workspace_->undo();
		return status == 130 ? fail(130, "interrupted; what is built is kept, and the same command goes on from there") : status;
	};

	planned_ = 1 + (options_.whole ? 1 : series_.patches.size());
	for (const series::Patch &patch : series_.base) {
		base.subject += " with " + patch.name;
		auto files = apply(*workspace_, patch);
		if (!files)
			return end_with(fail(4, files.error().what));
		base.files.insert(base.files.end(), files->begin(), files->end());
	}
	texts(base);
	if (const int status = judge_state(base, nullptr); status != 0)
		return end_with(status);
	print_state(base);
	const bool base_good = base.what == State::good;
	states_.push_back(std::move(base));
	if (!base_good) {
		end_with(0);
		return fail(3, "the base itself " + std::string(states_[0].what == State::does_not_build  ? "does not build"
								: states_[0].what == State::does_not_boot ? "does not boot"
													  : "could not be judged") +
				       ", so there is nothing to compare the series with: " + states_[0].why);
	}

	std::size_t last_good = 0;
	std::vector<series::FileChange> files_so_far;
	for (std::size_t i = 0; i < series_.patches.size(); i++) {
		const series::Patch &patch = series_.patches[i];
		current_ = patch.name;
		auto files = apply(*workspace_, patch);
		if (!files) // it did, a moment ago
			return end_with(fail(3, files.error().what));
		files_so_far.insert(files_so_far.end(), files->begin(), files->end());
		if (options_.whole && i + 1 < series_.patches.size())
			continue;
		State state;
		state.name = name_of(options_, series_, i);
		state.subject = options_.whole ? series_.title : patch.subject;
		state.files = std::move(files_so_far);
		files_so_far.clear();
		texts(state);
		if (const int status = judge_state(state, &states_[last_good]); status != 0)
			return end_with(status);
		print_state(state);
		times_.push_back(seconds_since(state_start_));
		if (!state.built.cached)
			std::ignore = write_file(times_file(*workspace_), fmt::format("{:.1f}\n", times_.back()));
		states_.push_back(std::move(state));
		if (states_.back().what == State::good)
			last_good = states_.size() - 1;
	}
	end_with(0);
	return conclude();
}

series::Circumstances Validation::circumstances() const
{
	return {.series = &series_, .tree = options_.tree, .commit = workspace_->commit(), .compiler = builder_->compiler(),
		.qemu = lab_->qemu_version(), .whole = options_.whole, .tested_by = options_.tested_by, .seconds = seconds_since(start_)};
}

int Validation::conclude()
{
	verdict_ = series::conclude(states_);
	const series::Circumstances about = circumstances();
	if (states_.back().what != State::does_not_apply)
		terminal_.print(fmt::format("{:>9} {}\n", "Verdict", terminal_.bold(verdict_.words)) +
				series::describe(verdict_, states_, about.seconds, terminal_.width()));
	const auto text_of = [](const Json &json) { return json.dump(1, '\t', false, Json::error_handler_t::replace) + "\n"; };
	if (!options_.json.empty())
		if (auto r = write_file(options_.json, text_of(series::to_json(states_, verdict_, about))); !r)
			return fail(3, r.error().what);
	if (!options_.reply.empty())
		if (auto r = write_file(options_.reply, series::reply(states_, verdict_, about)); !r)
			return fail(3, r.error().what);
	if (!options_.reports.empty())
		for (std::size_t i = 0; i < states_.size(); i++)
			if (!states_[i].report.is_null())
				if (auto r = write_file(fmt::format("{}/{:04}.json", options_.reports, i), text_of(states_[i].report)); !r)
					return fail(3, r.error().what);
	if (terminal_.failed())
		return fail(3, "cannot write to the standard output");
	return verdict_.status;
}

} // namespace

int validate(const ValidateOptions &options)
{
	std::signal(SIGPIPE, SIG_IGN); // "| head" must not leave a build behind
	Terminal terminal;
	return Validation(options, terminal).run();
}

/// What is piped to us; not waited for longer than a minute.
static Result<std::string> read_standard_input()
{
	if (::isatty(STDIN_FILENO))
		return Error{"b4-check reads a mail from its standard input; b4 review gives it one"};
	const auto end = Clock::now() + std::chrono::minutes(1);
	std::string text;
	char buffer[1 << 16];
	for (;;) {
		pollfd ready = {STDIN_FILENO, POLLIN, 0};
		const int n = ::poll(&ready, 1, 100);
		if (machine::interrupted())
			return Error{"interrupted"};
		if (Clock::now() > end)
			return Error{"the standard input did not end within a minute; give b4-check one mail"};
		if (n <= 0)
			continue;
		const ssize_t got = ::read(STDIN_FILENO, buffer, sizeof(buffer));
		if (got < 0)
			return system_error("cannot read the standard input", errno);
		if (got == 0)
			return text;
		text.append(buffer, static_cast<std::size_t>(got));
		if (text.size() > mail_limit)
			return Error{"the standard input is larger than " + std::to_string(mail_limit) + " bytes; give b4-check one mail"};
	}
}

int b4_check(B4CheckOptions options)
{
	std::signal(SIGPIPE, SIG_IGN);
	auto mail = read_standard_input();
	if (!mail)
		return machine::interrupted() ? fail(130, "interrupted") : fail(2, mail.error().what);
	if (mail->find_first_not_of(" \t\r\n") == std::string::npos)
		return fail(2, "there is no mail on the standard input; b4 review gives b4-check one");
	auto scratch = machine::Scratch::create();
	if (!scratch)
		return fail(3, scratch.error().what);
	std::string why;
	if (const char *file = std::getenv("B4_TRACKING_FILE"); file && *file) {
		auto text = read_file(file, mail_limit);
		if (!text)
			return fail(2, text.error().what);
		auto tracking = series::parse_tracking(file, *text);
		if (!tracking)
			return fail(2, tracking.error().what);
		auto range = series::commits_of(*tracking, options.validate.tree, options.patch ? series::message_id(*mail) : "");
		if (!range)
			return fail(2, range.error().what);
		options.validate.series = {*range};
	} else if (auto alone = series::parse_series("the mail", *mail); alone && alone->part_of == 0) {
		if (auto r = write_file(scratch->path("mail"), *mail); !r)
			return fail(3, r.error().what);
		options.validate.series = {scratch->path("mail")};
	} else {
		why = "not judged: b4 has not checked the series out, and " +
		      (alone ? fmt::format("this mail is one patch of {}", alone->part_of) : alone.error().what);
	}
	Json result;
	if (why.empty()) {
		Terminal terminal(stderr); // b4 reads JSON from the standard output and nothing else
		Validation validation(options.validate, terminal);
		const int status = validation.run();
		if (validation.states().size() < 2 || status == 130)
			return status;
		result = series::b4_result(validation.states(), validation.verdict(), validation.circumstances(), options.patch);
	} else {
		result = {{"tool", "exit24"}, {"status", "warn"}, {"summary", why}};
	}
	const std::string text = Json::array({result}).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
	if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
		return fail(3, "cannot write to the standard output");
	return 0;
}

int diff(const DiffOptions &options)
{
	report::View reports[2];
	for (const auto &[i, file] : {std::pair{0, options.a}, {1, options.b}}) {
		auto view = report::read_view({file});
		if (!view)
			return fail(2, view.error().what);
		reports[i] = std::move(*view);
	}
	const report::Comparison comparison = report::compare(reports[0], reports[1]);
	Terminal terminal;
	const auto cells = [](const report::View &report) {
		std::string text;
		for (const report::SeenCell &cell : report.cells)
			text += (text.empty() ? "" : ", ") + cell.kernel + " " + cell.mode;
		return report::harmless(text);
	};
	terminal.print(fmt::format("{} A is {}, B is {}\n", terminal.bold("Comparing"), cells(reports[0]), cells(reports[1])));
	terminal.print(report::describe(comparison, terminal.width()));
	if (comparison.compared == 0)
		return fail(3, "the two reports have no case in common, so nothing is compared");
	terminal.print(comparison.worse() ? "B is worse than A\n"
		       : comparison.changes.empty() ? fmt::format("no difference in {} cases\n", comparison.compared)
						    : "B is not worse than A\n");
	if (terminal.failed())
		return fail(3, "cannot write to the standard output");
	return comparison.worse() ? 1 : 0;
}

} // namespace exit24::cli
