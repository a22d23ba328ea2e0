// SPDX-License-Identifier: GPL-2.0-only
#include "base/file.hpp"
#include "base/sha256.hpp"
#include "base/version.hpp"
#include "cli/data.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"
#include "machine/image.hpp"
#include "machine/machine.hpp"
#include "machine/process.hpp"
#include "machine/scratch.hpp"
#include "machine/session.hpp"
#include "model/citation.hpp"
#include "report/compare.hpp"
#include "report/report.hpp"
#include "series/build.hpp"
#include "series/mail.hpp"
#include "series/semantic.hpp"
#include "series/workspace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <map>
#include <set>
#include <thread>

namespace fs = std::filesystem;

namespace exit24::cli {

namespace {

using Clock = std::chrono::steady_clock;
using model::Json;

double seconds_since(Clock::time_point start)
{
	return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The kernel before all patches, or after one of them.
struct State {
	std::string name;    ///< "base", "patch 1/2"
	std::string subject;
	enum { good, does_not_apply, does_not_build, does_not_boot, unjudged } what = good;
	std::string why;     ///< one sentence, if it is not good
	std::vector<std::string> console; ///< the last lines of one that does not boot
	std::vector<series::FileChange> files;
	series::Built built;
	std::vector<report::Cell> cells;
	Json report;
	report::Comparison comparison; ///< with the one before
	bool same_image = false;       ///< as the one before
	std::vector<std::string> header_broken, header_mended, sentences_gone, sentences_new;
	bool recorded = false; ///< all of its cells come from the cache
	double boot_seconds = 0;
};

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
	lab.options_.agent = places.agent;
	auto agent = read_file(places.agent);
	if (!agent)
		return Error{agent.error().what + "; build it: it needs Debian's g++-aarch64-linux-gnu"};
	lab.agent_sha256_ = sha256(*agent);
	auto cases = load_cases(options.cases.empty() ? places.cases : options.cases, options.globs);
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
		cell.verdicts.push_back(judge::judge(c->parsed, cell.recording, guests_));
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

/// A kernel that never got as far as the agent, in one of its modes: why, in one sentence.
std::string why_no_boot(const std::vector<report::Cell> &cells, std::vector<std::string> &console, bool &machine_failed)
{
	for (const report::Cell &cell : cells) {
		const auto &boots = cell.recording.boots;
		if (boots.empty() || std::any_of(boots.begin(), boots.end(), [](const model::Boot &b) { return b.hello.has_value(); }))
			continue;
		machine_failed = boots.back().end == "machine";
		const std::string &tail = boots.back().console_tail;
		std::vector<std::string> lines;
		for (std::size_t at = 0; at < tail.size();) {
			const auto end = std::min(tail.find('\n', at), tail.size());
			if (end > at + 1)
				lines.push_back(report::harmless(tail.substr(at, end - at)));
			at = end + 1;
		}
		if (lines.size() > 5)
			lines.erase(lines.begin(), lines.end() - 5);
		console = lines;
		return cell.mode + ": " + boots.back().end_reason;
	}
	return "";
}

bool is_user_header(const std::string &path)
{
	return path.ends_with(".h") && (path.starts_with("include/uapi/") ||
					(path.starts_with("arch/") && path.find("/include/uapi/") != std::string::npos));
}

bool is_document(const std::string &path)
{
	return path.starts_with("Documentation/");
}

/// Files that are run, or that say what is run, when a kernel is built.
bool steers_the_build(const std::string &path)
{
	const std::string name = fs::path(path).filename();
	return name == "Makefile" || name == "Kbuild" || name.starts_with("Kconfig") || name.starts_with("Makefile.") ||
	       path.starts_with("scripts/") || path.starts_with("tools/") || name.ends_with(".sh") || name.ends_with(".py") ||
	       name.ends_with(".pl") || name.ends_with(".awk");
}

std::string join(const std::vector<std::string> &words, std::size_t most = 6)
{
	std::string text;
	for (std::size_t i = 0; i < words.size() && i < most; i++)
		text += (i == 0 ? "" : ", ") + words[i];
	return words.size() > most ? text + fmt::format(" and {} more", words.size() - most) : text;
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

private:
	Result<void> prepare();
	Result<std::vector<series::FileChange>> apply(series::Workspace &to, const series::Patch &patch) const;
	std::string check_all();
	int judge_state(State &state, const State *before);
	void texts(State &state);
	void print_state(const State &state);
	int conclude();
	Json to_json() const;
	std::string reply(const std::string &verdict, const std::vector<std::string> &not_bisectable) const;
	void busy(const std::string &with);

	const ValidateOptions &options_;
	Terminal &terminal_;
	series::Series series_;
	std::optional<series::Workspace> workspace_;
	std::optional<series::Builder> builder_;
	std::optional<Lab> lab_;
	std::vector<State> states_;
	std::string current_; ///< the state that is being made
	std::vector<std::string> header_wrong_; ///< of the state before
	bool touches_headers_ = false;
	std::set<std::string> cited_docs_, sentences_;
	std::size_t planned_ = 0;
	Clock::time_point start_ = Clock::now();
	int status_ = 0;
};

void Validation::busy(const std::string &with)
{
	std::string left;
	// A guess from what the patches have taken so far; the base is not like them.
	if (states_.size() > 1 && planned_ > states_.size()) {
		double each = 0;
		for (std::size_t i = 1; i < states_.size(); i++)
			each += states_[i].built.seconds + states_[i].boot_seconds;
		each /= static_cast<double>(states_.size() - 1);
		left = fmt::format(", about {:.0f} s left", each * static_cast<double>(planned_ - states_.size()));
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
	for (const model::CaseText &c : lab_->cases())
		for (const model::Citation &citation : c.parsed.spec)
			cited_docs_.insert(citation.doc);
	return {};
}

/// Whether all patches apply, before anything is built: which does not, and why; "" if all do.
std::string Validation::check_all()
{
	std::set<std::string> paths;
	std::vector<series::Patch> all = series_.base;
	all.insert(all.end(), series_.patches.begin(), series_.patches.end());
	for (const series::Patch &patch : all) {
		if (patch.semantic)
			continue;
		auto files = series::parse_diff(patch.name, patch.text);
		if (!files)
			return files.error().what;
		for (const series::FileChange &file : *files) {
			paths.insert(file.path);
			touches_headers_ = touches_headers_ || is_user_header(file.path);
			if (!file.old_path.empty())
				paths.insert(file.old_path);
		}
	}
	for (const series::Patch &patch : all)
		if (patch.semantic)
			for (const std::string &file : series::semantic_files(patch.text))
				paths.insert(file);
	auto scratch = machine::Scratch::create();
	if (!scratch)
		return scratch.error().what;
	auto sheet = workspace_->sheet(scratch->folder(), paths);
	if (!sheet)
		return sheet.error().what;
	for (const series::Patch &patch : all)
		if (auto files = apply(*sheet, patch); !files)
			return files.error().what;
	return "";
}

/// What the patch did to the texts that programs and people rely on.
void Validation::texts(State &state)
{
	bool header = states_.empty() && touches_headers_, document = false;
	for (const series::FileChange &file : state.files) {
		header = header || is_user_header(file.path) || is_user_header(file.old_path);
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
	state.why = why_no_boot(state.cells, state.console, machine_failed);
	if (!state.why.empty()) {
		state.what = machine_failed ? State::unjudged : State::does_not_boot;
		return 0;
	}
	state.report = report::to_json(state.cells, lab_->guests());
	if (before)
		state.comparison = report::compare(before->report, state.report);
	return 0;
}

std::string in_seconds(double seconds)
{
	return fmt::format("{:.1f} s", seconds);
}

void Validation::print_state(const State &state)
{
	const std::string indent(10, ' ');
	std::string text = fmt::format("{:>9} {}\n", state.name == "base" ? "base" : state.name, terminal_.bold(report::harmless(state.subject)));
	const auto say = [&](const std::string &what) { text += report::wrap(report::harmless(what), indent, terminal_.width()); };
	std::vector<std::string> headers, documents, steering;
	for (const series::FileChange &file : state.files) {
		if (is_user_header(file.path))
			headers.push_back(file.path);
		else if (is_document(file.path))
			documents.push_back(file.path);
		else if (steers_the_build(file.path))
			steering.push_back(file.path);
	}
	if (!steering.empty())
		say("steers the build: " + join(steering) + "; the build runs what it says");
	switch (state.what) {
	case State::does_not_apply:
		say("DOES NOT APPLY: " + state.why);
		break;
	case State::does_not_build:
		say("DOES NOT BUILD: " + state.why);
		break;
	case State::does_not_boot:
		say("DOES NOT BOOT: " + state.why);
		for (const std::string &line : state.console)
			text += indent + "| " + line.substr(0, terminal_.width() - 12) + "\n";
		break;
	case State::unjudged:
		say("not judged: " + state.why);
		break;
	case State::good: {
		if (state.built.cached && !state.same_image)
			say(state.recorded ? "built and run before; nothing was compiled or booted"
					   : "built before; booted in " + in_seconds(state.boot_seconds));
		else
			say(fmt::format("built in {} ({} files){}", in_seconds(state.built.seconds), state.built.compiled,
					state.same_image ? "" : state.recorded ? "; run before" : ", booted and judged in " + in_seconds(state.boot_seconds)));
		if (state.name == "base" || state.report.is_null()) {
			for (const report::Cell &cell : state.cells)
				say(cell.id() + ": " + report::summary(report::count({cell})));
			break;
		}
		if (state.same_image)
			say("behaviour: nothing changed, the kernel is the same byte for byte");
		else if (std::none_of(state.comparison.changes.begin(), state.comparison.changes.end(),
				      [](const report::Change &c) { return c.kind != report::Change::still_failing && c.kind != report::Change::known; }))
			say("behaviour: nothing changed");
		else {
			const std::string changes = report::describe(state.comparison, terminal_.width() - indent.size());
			for (std::size_t at = 0; at < changes.size();) {
				const auto end = changes.find('\n', at);
				text += indent + changes.substr(at, end - at) + "\n";
				at = end + 1;
			}
		}
		break;
	}
	}
	if (!headers.empty())
		say("user header changed: " + join(headers));
	for (const std::string &w : state.header_broken)
		say("  WRONG: " + w);
	for (const std::string &w : state.header_mended)
		say("  mended: " + w);
	if (!documents.empty())
		say("documentation text changed: " + join(documents));
	if (!state.sentences_gone.empty())
		say("the text that these cases rest on is gone or reworded: " + join(state.sentences_gone));
	if (!state.sentences_new.empty())
		say("the text that these cases rest on is there now: " + join(state.sentences_new));
	terminal_.print(text);
}

int Validation::run()
{
	busy("reading");
	if (auto r = prepare(); !r) {
		busy("");
		return machine::interrupted() ? fail(130, "interrupted") : fail(2, r.error().what);
	}
	busy("");
	std::string modes;
	for (const std::string &mode : lab_->modes())
		modes += (modes.empty() ? "" : ", ") + mode;
	terminal_.print(fmt::format("{} {} ({} {}) on {}{}\n", terminal_.bold("Validating"), report::harmless(series_.title),
				    series_.patches.size(), series_.patches.size() == 1 ? "patch" : "patches", options_.tree,
				    workspace_->commit().empty() ? "" : ", commit " + workspace_->commit().substr(0, 12)));
	terminal_.print(fmt::format("          {} cases in {}, emulated: {}; {}\n", lab_->cases().size(), modes, lab_->qemu_version(), builder_->compiler()));
	if (!builder_->notice().empty())
		terminal_.print(terminal_.bold("  WARNING ") + builder_->notice() + "\n");
	for (const std::string &note : series_.notes)
		terminal_.print(report::wrap(report::harmless("note: " + note), "          ", terminal_.width()));
	std::set<std::string> steering;
	for (const series::Patch &patch : series_.patches)
		if (auto files = series::parse_diff(patch.name, patch.text); files && !patch.semantic)
			for (const series::FileChange &file : *files)
				if (steers_the_build(file.path))
					steering.insert(file.path);
	if (!steering.empty())
		terminal_.print(report::wrap("note: the series changes what is run when a kernel is built: " +
						     join(std::vector<std::string>(steering.begin(), steering.end()), 20),
					     "          ", terminal_.width()));

	const std::string trouble = check_all();
	if (machine::interrupted())
		return fail(130, "interrupted");
	if (!trouble.empty()) {
		terminal_.print(report::wrap("DOES NOT APPLY: " + report::harmless(trouble), "          ", terminal_.width()));
		terminal_.print("nothing was built\n");
		return fail(4, report::harmless(trouble));
	}
	const auto end_with = [&](int status) {
		std::ignore = workspace_->undo();
		return status == 130 ? fail(130, "interrupted; what is built is kept, and the same command goes on from there") : status;
	};

	planned_ = 1 + (options_.whole ? 1 : series_.patches.size());
	State base;
	base.name = "base";
	base.subject = options_.tree + (workspace_->commit().empty() ? "" : " " + workspace_->commit().substr(0, 12));
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
		return fail(3, "the base itself " + std::string(states_[0].what == State::does_not_build ? "does not build" : "does not boot") +
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
		state.name = options_.whole ? "all" : patch.name.starts_with("patch ") ? patch.name : fmt::format("patch {}/{}", i + 1, series_.patches.size());
		state.subject = options_.whole ? series_.title : patch.subject;
		state.files = std::move(files_so_far);
		files_so_far.clear();
		texts(state);
		if (const int status = judge_state(state, &states_[last_good]); status != 0)
			return end_with(status);
		print_state(state);
		states_.push_back(std::move(state));
		if (states_.back().what == State::good)
			last_good = states_.size() - 1;
	}
	end_with(0);
	return conclude();
}

int Validation::conclude()
{
	std::string text;
	const auto say = [&](const std::string &what) { text += report::wrap(report::harmless(what), "          ", terminal_.width()); };
	const State &last = states_.back();
	bool worse = false, broken = false, unjudged = false;
	report::Comparison whole;
	if (last.what == State::good)
		whole = report::compare(states_.front().report, last.report);
	std::vector<std::string> not_bisectable;
	std::map<std::string, std::string> broken_by; ///< case and mode to the patch that broke it
	for (std::size_t i = 1; i < states_.size(); i++) {
		const State &state = states_[i];
		broken = broken || state.what == State::does_not_build || state.what == State::does_not_apply;
		unjudged = unjudged || state.what == State::unjudged || !state.comparison.of(report::Change::not_judged).empty();
		worse = worse || state.what == State::does_not_boot || state.comparison.worse() || !state.header_broken.empty();
		if (&state != &last && state.what != State::good)
			not_bisectable.push_back(state.name + (state.what == State::does_not_build ? " does not build" : " does not boot"));
		for (const report::Change &c : state.comparison.changes) {
			const std::string key = c.name + " (" + c.mode + ")";
			if (c.kind == report::Change::newly_failing) {
				broken_by[key] = state.name;
			} else if (c.kind == report::Change::fixed && broken_by.contains(key)) {
				not_bisectable.push_back(fmt::format("{} is broken by {} and mended by {}", key, broken_by[key], state.name));
				broken_by.erase(key);
			}
		}
	}
	std::string verdict;
	if (last.what == State::does_not_build)
		verdict = "the series does not build";
	else if (last.what == State::does_not_boot)
		verdict = "the kernel does not boot with the series";
	else if (last.what == State::unjudged)
		verdict = "the series could not be judged";
	else if (whole.worse())
		verdict = fmt::format("the series makes {} worse", whole.of(report::Change::newly_failing).size() == 1 ? "a case" : fmt::format("{} cases", whole.of(report::Change::newly_failing).size()));
	else if (const auto fixed = whole.of(report::Change::fixed).size(); fixed > 0)
		verdict = fmt::format("the series mends {} case{} and breaks none", fixed, fixed == 1 ? "" : "s");
	else if (std::all_of(states_.begin() + 1, states_.end(), [](const State &s) { return s.same_image; }))
		verdict = "the series changes no behaviour: every kernel is the same byte for byte";
	else
		verdict = "the series breaks nothing";
	text += fmt::format("{:>9} {}\n", "Verdict", terminal_.bold(verdict));
	if (last.what == State::good) {
		const auto failing = whole.of(report::Change::still_failing).size() + whole.of(report::Change::fails_differently).size();
		if (failing > 0)
			say(fmt::format("{} failed before and still {}", failing == 1 ? "one case" : fmt::format("{} cases", failing), failing == 1 ? "does" : "do"));
		if (whole.worse()) {
			report::Comparison only;
			for (const report::Change &c : whole.changes)
				if (report::is_worse(c.kind))
					only.changes.push_back(c);
			const std::string changes = report::describe(only, terminal_.width() - 10);
			for (std::size_t at = 0; at < changes.size();) {
				const auto end = changes.find('\n', at);
				text += "          " + changes.substr(at, end - at) + "\n";
				at = end + 1;
			}
		}
		for (const std::string &stale : whole.stale)
			say(stale);
	}
	if (!not_bisectable.empty())
		say("not bisectable: " + join(not_bisectable, 8));
	else if (states_.size() > 2)
		say("bisectable: every patch builds and boots, and none breaks what a later one mends");
	double building = 0, booting = 0;
	bool all_kept = true;
	for (const State &state : states_) {
		building += state.built.seconds;
		booting += state.boot_seconds;
		all_kept = all_kept && state.built.cached && state.recorded;
	}
	say(fmt::format("{} in all: {} building, {} booting and judging, {} the rest{}", in_seconds(seconds_since(start_)), in_seconds(building),
			in_seconds(booting), in_seconds(std::max(0.0, seconds_since(start_) - building - booting)),
			all_kept ? "; everything had been built and run before" : ""));
	terminal_.print(text);

	status_ = broken ? 4 : worse ? 1 : unjudged ? 3 : 0;
	if (!options_.json.empty())
		if (auto r = write_file(options_.json, to_json().dump(1, '\t', false, Json::error_handler_t::replace) + "\n"); !r)
			return fail(3, r.error().what);
	if (!options_.reply.empty())
		if (auto r = write_file(options_.reply, reply(verdict, not_bisectable)); !r)
			return fail(3, r.error().what);
	if (!options_.reports.empty())
		for (std::size_t i = 0; i < states_.size(); i++)
			if (!states_[i].report.is_null())
				if (auto r = write_file(fmt::format("{}/{:04}.json", options_.reports, i),
							states_[i].report.dump(1, '\t', false, Json::error_handler_t::replace) + "\n"); !r)
					return fail(3, r.error().what);
	if (terminal_.failed())
		return fail(3, "cannot write to the standard output");
	return status_;
}

/// A mail for the list: 72 columns of plain ASCII, and nothing in it that is not known.
std::string Validation::reply(const std::string &verdict, const std::vector<std::string> &not_bisectable) const
{
	constexpr std::size_t width = 72;
	std::string text;
	if (!series_.subject.empty()) {
		text += "Subject: Re: " + series_.subject + "\n";
		if (!series_.to.empty())
			text += "To: " + series_.to + "\n";
		if (!series_.message_id.empty())
			text += "In-Reply-To: " + series_.message_id + "\nReferences: " + series_.message_id + "\n";
		text += "\n";
	}
	text += report::wrap(fmt::format("exit24 {} says: {}.", version, verdict), "", width) + "\n";
	std::string modes;
	for (const report::Cell &cell : states_.front().cells) {
		const model::Json &machine = cell.recording.boots.front().machine;
		modes += fmt::format("{}{} on {}", modes.empty() ? "" : ", ", cell.mode, machine.value("cpu", "?"));
	}
	text += report::wrap("Environment: emulated EL2 of " + lab_->qemu_version() + ", no hardware; " + modes + "; kernel " +
				     states_.front().cells.front().kernel +
				     (workspace_->commit().empty() ? "" : ", commit " + workspace_->commit().substr(0, 12)) +
				     ", built from a small configuration by " + builder_->compiler() + ".",
			     "", width) + "\n";
	// Each state is a column: "base", "1", "2"
	std::map<std::string, std::vector<std::string>> rows;
	std::map<std::string, std::size_t> passed;
	std::vector<std::string> heads;
	for (std::size_t i = 0; i < states_.size(); i++) {
		heads.push_back(i == 0 ? "base" : options_.whole ? "all" : "+" + std::to_string(i));
		for (const report::Cell &cell : states_[i].cells)
			for (std::size_t k = 0; k < cell.cases.size() && states_[i].what == State::good; k++) {
				const std::string row = cell.cases[k]->parsed.name + " (" + cell.mode + ")";
				auto &columns = rows[row];
				columns.resize(states_.size(), "-");
				columns[i] = judge::name(cell.verdicts[k].status);
				passed[row] += columns[i] == "pass" || columns[i] == "skip";
			}
	}
	std::erase_if(rows, [&](const auto &row) { return passed[row.first] == states_.size(); });
	for (std::size_t i = 1; i < states_.size(); i++) {
		const State &state = states_[i];
		text += report::wrap(fmt::format("{} {}{}", heads[i], state.subject,
						 state.what == State::does_not_build ? ": DOES NOT BUILD: " + state.why
						 : state.what == State::does_not_boot ? ": DOES NOT BOOT: " + state.why : ""),
				     "  ", width);
	}
	text += "\n";
	if (rows.empty()) {
		text += report::wrap(fmt::format("All {} cases pass, or are skipped, in all of these kernels.", lab_->cases().size()), "", width);
	} else {
		constexpr std::size_t most = 40;
		// Words while they fit, else their first letters; a name that leaves no place gets a line of its own.
		const bool words = 7 * heads.size() + 2 <= width;
		const auto line = [&](const std::string &name, const std::vector<std::string> &columns) {
			std::string right;
			for (const std::string &c : columns)
				right += words ? fmt::format("{:>7}", c) : fmt::format("{:>4}", c.substr(0, c[0] == '+' ? 3 : 1));
			if (name.size() + right.size() > width)
				return name.substr(0, width) + "\n" + (right.size() < width ? std::string(width - right.size(), ' ') : "") + right + "\n";
			return name + std::string(width - name.size() - right.size(), ' ') + right + "\n";
		};
		text += line("cases that do not pass everywhere", heads);
		std::size_t n = 0;
		for (const auto &[row, columns] : rows) {
			if (n++ == most) {
				text += fmt::format("and {} more\n", rows.size() - most);
				break;
			}
			text += line(row, columns);
		}
	}
	if (!not_bisectable.empty()) {
		text += "\nNot bisectable:\n";
		for (const std::string &what : not_bisectable)
			text += report::wrap(what, "  ", width);
	}
	if (!options_.tested_by.empty())
		text += "\nTested-by: " + options_.tested_by + "\n";
	return report::harmless(text);
}

Json Validation::to_json() const
{
	static constexpr const char *names[] = {"good", "does not apply", "does not build", "does not boot", "not judged"};
	Json out;
	out["validation"] = 1;
	out["tool"] = {{"name", "exit24"}, {"version", version}};
	out["series"] = series_.title;
	out["tree"] = options_.tree;
	if (!workspace_->commit().empty())
		out["commit"] = workspace_->commit();
	out["compiler"] = builder_->compiler();
	out["notes"] = series_.notes;
	Json &states = out["states"] = Json::array();
	for (const State &state : states_) {
		Json item = {{"name", state.name}, {"subject", state.subject}, {"state", names[state.what]}};
		if (!state.why.empty())
			item["why"] = state.why;
		item["files"] = Json::array();
		for (const series::FileChange &file : state.files)
			item["files"].push_back(file.path);
		item["image"] = {{"sha256", state.built.image_sha256}, {"cached", state.built.cached}, {"same_as_before", state.same_image}};
		item["seconds"] = {{"build", state.built.seconds}, {"boot", state.boot_seconds}};
		item["changes"] = Json::array();
		for (const report::Change &c : state.comparison.changes)
			item["changes"].push_back({{"kind", report::name(c.kind)}, {"case", c.name}, {"mode", c.mode}, {"rules", c.rules}, {"before", c.before}, {"after", c.after}});
		item["header"] = {{"broken", state.header_broken}, {"mended", state.header_mended}};
		states.push_back(std::move(item));
	}
	out["seconds"] = seconds_since(start_);
	out["exit_status"] = status_;
	return out;
}

} // namespace

int validate(const ValidateOptions &options)
{
	std::signal(SIGPIPE, SIG_IGN); // "| head" must not leave a build behind
	Terminal terminal;
	return Validation(options, terminal).run();
}

int diff(const DiffOptions &options)
{
	Json reports[2];
	for (const auto &[i, file] : {std::pair{0, options.a}, {1, options.b}}) {
		auto text = read_file(file);
		if (!text)
			return fail(2, text.error().what);
		auto json = report::parse_report(file, *text);
		if (!json)
			return fail(2, json.error().what);
		reports[i] = std::move(*json);
	}
	const report::Comparison comparison = report::compare(reports[0], reports[1]);
	Terminal terminal;
	const auto cells = [](const Json &report) {
		std::string text;
		for (const Json &cell : report["cells"])
			text += (text.empty() ? "" : ", ") + cell.value("kernel", "") + " " + cell.value("mode", "");
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
