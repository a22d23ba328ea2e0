// SPDX-License-Identifier: GPL-2.0-only
#include "base/file.hpp"
#include "base/sha256.hpp"
#include "base/version.hpp"
#include "cli/data.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"
#include "machine/process.hpp"
#include "machine/scratch.hpp"
#include "mutant/campaign.hpp"
#include "mutant/schemata.hpp"
#include "mutant/systematic.hpp"
#include "series/build.hpp"
#include "series/workspace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <ctime>
#include <filesystem>
#include <fnmatch.h>
#include <future>
#include <mutex>
#include <thread>
#include <unistd.h>

namespace fs = std::filesystem;

namespace exit24::cli {

using model::Json;
using mutant::Fate;
using mutant::Files;
using mutant::Mutant;
using mutant::Outcome;
using Clock = std::chrono::steady_clock;

namespace {

double seconds_since(Clock::time_point start)
{
	return std::chrono::duration<double>(Clock::now() - start).count();
}

/// One mutant on its way.
struct Entry {
	Mutant mutant;
	Files files; ///< what it changes
	Outcome outcome;
	bool decided = false;
	bool stored = false; ///< decided by an earlier run
	unsigned number = 0; ///< of the switch
	std::string key;     ///< what its outcome depends on
};

class Campaign {
public:
	Campaign(const MutantsOptions &options, Places places) : options_(options), places_(std::move(places)) {}

	int run();

private:
	Result<void> load();
	Result<void> apply_all();
	Result<std::string> original(const std::string &path);
	Result<void> put(const Files &files);
	void recall();
	void judge_headers();
	Result<void> judge_switched();
	Result<void> judge_alone();
	Result<std::unique_ptr<machine::Machine>> machine_for(const machine::Image &image, const std::string &mode) const;
	Result<void> baseline(const machine::Image &image, const std::string &mode, bool with_switch);
	void decide(Entry &e);
	Result<void> store();
	int conclude(double seconds);
	std::string mode_of(const Entry &e) const { return e.mutant.mode.empty() ? options_.mode : e.mutant.mode; }

	MutantsOptions options_;
	Places places_;
	Terminal terminal_;
	std::vector<Entry> entries_;
	std::vector<model::CaseText> cases_;
	model::Guests guests_;
	std::string cases_id_;
	std::size_t unjudged_ = 0; ///< mutants of which cases were lost: nothing is known, and nothing is green
	std::optional<series::Workspace> workspace_;
	std::string pristine_; ///< a folder with the tree as it is, until originals_ has what is needed of it
	Files originals_;
	std::optional<series::Builder> builder_;
	std::optional<machine::Scratch> scratch_;
	machine::LabOptions lab_;
	std::map<std::string, mutant::Suite> suites_; ///< by mode
	std::string release_;
	double switch_build_seconds_ = 0, switch_run_seconds_ = 0;
	std::mutex mutex_;
};

Result<void> Campaign::load()
{
	auto cases = load_cases(options_.cases.empty() ? places_.cases : options_.cases, {});
	if (!cases)
		return cases.error();
	cases_ = std::move(*cases);
	auto guests = load_guests(places_.guests, cases_);
	if (!guests)
		return guests.error();
	guests_ = std::move(*guests);
	std::string all;
	for (const model::CaseText &c : cases_)
		all += c.parsed.name + "\n" + c.text;
	for (const auto &[name, guest] : guests_)
		all += name + "\n" + sha256(guest.code);
	cases_id_ = sha256(all).substr(0, 16);

	const auto qemu = machine::find_program(options_.qemu);
	if (!qemu)
		return Error{"there is no " + options_.qemu + "; install Debian's qemu-system-arm, or name it with --qemu"};
	lab_.qemu = *qemu;
	auto version = machine::output_of(*qemu, {"--version"}, std::chrono::seconds(20));
	if (!version)
		return version.error();
	lab_.qemu_version = version->substr(0, version->find('\n'));
	lab_.agent = places_.agent;

	auto scratch = machine::Scratch::create();
	if (!scratch)
		return scratch.error();
	scratch_.emplace(std::move(*scratch));

	const auto progress = [this](const std::string &what) { terminal_.busy("kernel", what); };
	auto workspace = series::Workspace::open({.cache = cache_folder(), .tree = options_.linux_tree, .progress = progress});
	if (!workspace)
		return workspace.error();
	workspace_.emplace(std::move(*workspace));
	// What an earlier campaign has left there is built already, and stays where it is needed again.
	std::error_code error;
	if (!fs::exists(options_.linux_tree + "/.git", error)) {
		pristine_ = options_.linux_tree;
	} else {
		if (auto r = workspace_->undo(); !r)
			return r;
		pristine_ = workspace_->linux_folder();
	}
	series::BuildOptions build;
	build.fragment = places_.patches + "/exit24.config";
	build.sandbox = !options_.no_sandbox;
	build.keep = false;
	build.jobs = options_.jobs;
	auto builder = series::Builder::create(build);
	if (!builder)
		return builder.error();
	builder_.emplace(std::move(*builder));
	if (const std::string notice = builder_->notice(); !notice.empty())
		terminal_.print(notice + "\n");
	return {};
}

/// A file of the tree as it is; "" if it is not there.
Result<std::string> Campaign::original(const std::string &path)
{
	if (const auto it = originals_.find(path); it != originals_.end())
		return it->second;
	std::error_code error;
	if (!fs::exists(pristine_ + "/" + path, error))
		return std::string();
	auto text = read_file(pristine_ + "/" + path);
	if (text)
		originals_[path] = *text;
	return text;
}

/// Makes the workspace the tree as it is but for these files.
Result<void> Campaign::put(const Files &files)
{
	for (const std::string &path : workspace_->changed()) {
		if (files.contains(path))
			continue;
		const auto text = original(path);
		if (!text)
			return text.error();
		if (auto r = workspace_->write(path, *text); !r)
			return r;
	}
	for (const auto &[path, text] : files)
		if (auto r = workspace_->write(path, text); !r)
			return r;
	return {};
}

/// The mutants, and what each changes in this tree. spatch runs on all processors.
Result<void> Campaign::apply_all()
{
	auto spatch = machine::Spatch::find();
	if (!spatch)
		return spatch.error();
	const std::string folder = places_.patches + "/mutants";
	Result<std::vector<Mutant>> mutants = std::vector<Mutant>();
	if (options_.generated) {
		terminal_.busy("mutants", "looking for places");
		mutants = mutant::systematic_mutants(*spatch, folder + "/systematic", pristine_);
		if (mutants && !options_.globs.empty())
			std::erase_if(*mutants, [&](const Mutant &m) {
				return std::none_of(options_.globs.begin(), options_.globs.end(), [&](const std::string &glob) {
					return ::fnmatch(glob.c_str(), m.name.c_str(), 0) == 0;
				});
			});
	} else {
		mutants = mutant::load_mutants(folder, options_.globs);
	}
	if (!mutants)
		return mutants.error();
	if (mutants->empty())
		return Error{"no mutant matches"};
	if (auto r = original(mutant::switch_home); !r)
		return r.error();
	for (Mutant &m : *mutants) {
		Entry e;
		const auto patch = read_file(m.path);
		if (!patch)
			return patch.error();
		std::string arguments;
		for (const std::string &argument : m.arguments)
			arguments += argument + "\n";
		std::string tree;
		for (const std::string &file : m.files) {
			const auto text = original(file);
			if (!text)
				return text.error();
			tree += sha256(*text);
		}
		e.mutant = std::move(m);
		e.outcome.mutant = e.mutant.name;
		e.outcome.mode = mode_of(e);
		e.outcome.how = e.mutant.kind == "header" ? "headers" : options_.slow ? "kernel" : "switch";
		e.key = sha256(*patch + arguments + cases_id_ + tree + e.outcome.mode + e.outcome.how +
			       (options_.all_cases ? "all" : "") + e.mutant.equivalent).substr(0, 16);
		entries_.push_back(std::move(e));
	}
	recall();

	std::atomic<std::size_t> next{0};
	std::vector<std::string> errors(entries_.size());
	std::vector<std::thread> workers;
	for (unsigned i = 0; i < std::max(1u, options_.jobs); i++)
		workers.emplace_back([&, i] {
			const std::string mine = scratch_->path("spatch" + std::to_string(i));
			std::error_code error;
			fs::create_directories(mine, error);
			for (std::size_t n; (n = next++) < entries_.size() && !machine::interrupted();) {
				Entry &e = entries_[n];
				if (e.decided)
					continue;
				terminal_.busy("mutants", fmt::format("applying {}/{}", n + 1, entries_.size()));
				auto files = mutant::apply(*spatch, e.mutant, pristine_, mine);
				if (!files) {
					errors[n] = files.error().what;
					continue;
				}
				e.files = std::move(*files);
				if (e.files.empty()) {
					e.outcome.fate = Fate::not_applied;
					decide(e);
				}
			}
		});
	for (std::thread &worker : workers)
		worker.join();
	terminal_.busy("mutants", "");
	for (const std::string &error : errors)
		if (!error.empty())
			return Error{error};
	return {};
}

/// Says how a mutant ended.
void Campaign::decide(Entry &e)
{
	const std::lock_guard lock(mutex_);
	e.decided = true;
	Outcome &o = e.outcome;
	if (o.fate == Fate::survived && o.how != "headers" && (o.lost > 0 || o.cases == 0)) {
		o.fate = Fate::not_run;
		unjudged_++;
		o.reason = fmt::format("{} of its cases could not be judged", o.lost > 0 ? std::to_string(o.lost) : "all");
	}
	if (!e.mutant.equivalent.empty() && o.fate == Fate::survived) {
		o.fate = Fate::equivalent;
		o.reason = e.mutant.equivalent;
	}
	if (o.fate == Fate::not_applied && options_.globs.empty())
		return;
	std::string by;
	for (std::size_t i = 0; i < o.killers.size() && i < 3; i++)
		by += (i ? ", " : " by ") + o.killers[i].case_name +
		      (o.killers[i].verdict == "fail" ? "" : " (" + o.killers[i].verdict + ")");
	if (o.killers.size() > 3)
		by += fmt::format(" and {} more", o.killers.size() - 3);
	const bool bad = o.fate == Fate::survived;
	const std::string fate = fmt::format("{:>11}", mutant::name(o.fate));
	terminal_.print(fmt::format("{} {}{}{}\n", bad ? terminal_.bold(fate) : fate, e.mutant.name, by,
				    o.reason.empty() ? "" : ": " + o.reason));
}

Result<std::unique_ptr<machine::Machine>> Campaign::machine_for(const machine::Image &image, const std::string &mode) const
{
	machine::LabOptions lab = lab_;
	lab.mode = mode;
	std::string why = machine::cannot_give(image, lab);
	if (!why.empty() && ::access(fetched_qemu().c_str(), X_OK) == 0) {
		lab.qemu = fetched_qemu();
		if (auto version = machine::output_of(lab.qemu, {"--version"}, std::chrono::seconds(20)))
			lab.qemu_version = version->substr(0, version->find('\n'));
		why = machine::cannot_give(image, lab);
	}
	if (!why.empty())
		return Error{why};
	return machine::make_lab(image, lab);
}

/// What the kernel without a mutant says in a mode; once for each mode.
Result<void> Campaign::baseline(const machine::Image &image, const std::string &mode, bool with_switch)
{
	if (suites_.contains(mode))
		return {};
	mutant::Suite suite{&cases_, &guests_, {}};
	auto machine = machine_for(image, mode);
	if (!machine)
		return machine.error();
	terminal_.busy(mode, "running all cases without a mutant");
	auto verdicts = mutant::run_baseline(**machine, suite, with_switch);
	terminal_.busy(mode, "");
	if (!verdicts)
		return Error{"mode " + mode + ": " + verdicts.error().what};
	suite.baseline = std::move(*verdicts);
	std::size_t passed = 0, bad = 0;
	for (const auto &[name, base] : suite.baseline) {
		const judge::Verdict &verdict = base.verdict;
		passed += verdict.status == judge::Status::pass;
		if (judge::is_failure(verdict.status) || verdict.status == judge::Status::error) {
			bad++;
			terminal_.print(fmt::format("    {} without a mutant: {} {}\n", judge::name(verdict.status), name,
						    verdict.reason));
		}
	}
	terminal_.print(fmt::format("    {} {}: without a mutant {} cases pass, {} do not, {} are skipped\n", image.release,
				    mode, passed, bad, suite.baseline.size() - passed - bad));
	release_ = image.release;
	suites_[mode] = std::move(suite);
	return {};
}

std::string last_line(std::string text)
{
	while (!text.empty() && text.back() == '\n')
		text.pop_back();
	return text.substr(text.rfind('\n') + 1);
}

/// A header is judged as exit24 uapi does it: in a folder of links to the tree's user headers but for what it changes.
void Campaign::judge_headers()
{
	for (Entry &e : entries_) {
		if (e.decided || e.mutant.kind != "header" || machine::interrupted())
			continue;
		const auto start = Clock::now();
		const std::string folder = scratch_->path("headers");
		std::error_code error;
		const fs::path tree = fs::absolute(pristine_, error);
		fs::remove_all(folder, error);
		for (const char *part : {"include/uapi", "arch/arm64/include/uapi"})
			for (auto it = fs::recursive_directory_iterator(tree / part, error); !error && it != fs::end(it);
			     it.increment(error)) {
				const std::string path = it->path().lexically_relative(tree);
				if (it->is_directory())
					fs::create_directories(folder + "/" + path, error);
				else if (e.files.contains(path))
					(void)write_file(folder + "/" + path, e.files.at(path));
				else
					fs::create_symlink(it->path(), folder + "/" + path, error);
				error.clear();
			}
		for (const char *file : {"Makefile", "scripts", "include/asm-generic", "arch/arm64/Makefile"}) {
			fs::create_directories(fs::path(folder + "/" + file).parent_path(), error);
			fs::create_symlink(tree / file, folder + "/" + file, error);
		}
		const std::string log = scratch_->path("uapi");
		auto process = machine::Process::start("/proc/self/exe", {"uapi", folder}, log);
		if (!process) {
			e.outcome.fate = Fate::not_run;
			e.outcome.reason = process.error().what;
		} else {
			while (process->running())
				std::this_thread::sleep_for(std::chrono::milliseconds(5));
			const auto said = read_file(log);
			const std::string ended = process->how_it_ended();
			e.outcome.fate = ended == "status 1" ? Fate::killed : ended == "status 0" ? Fate::survived : Fate::not_run;
			if (e.outcome.fate == Fate::killed)
				e.outcome.killers.push_back({"uapi", "uapi"});
			if (e.outcome.fate == Fate::not_run)
				e.outcome.reason = "exit24 uapi ended with " + ended + ": " +
						   (said ? last_line(*said) : said.error().what);
		}
		e.outcome.run_seconds = seconds_since(start);
		decide(e);
	}
}

/// The numbers of the mutants that a failed build complains of.
std::set<unsigned> blamed(const std::string &log)
{
	std::set<unsigned> out;
	static constexpr std::string_view mark = "__exit24_";
	std::string function;
	for (std::size_t at = 0; at < log.size();) {
		const auto end = std::min(log.find('\n', at), log.size());
		const std::string line = log.substr(at, end - at);
		at = end + 1;
		if (line.find("In function") != std::string::npos)
			function = line;
		else if (line.find("inlined from") != std::string::npos)
			function += line;
		if (line.find("error:") == std::string::npos)
			continue;
		if (const auto mark_at = function.find(mark); mark_at != std::string::npos)
			out.insert(static_cast<unsigned>(std::atoi(function.c_str() + mark_at + mark.size())));
	}
	out.erase(0);
	return out;
}

/// One kernel for all mutants that can be switched at run time.
Result<void> Campaign::judge_switched()
{
	const auto build_start = Clock::now();
	std::optional<machine::Image> image;
	const auto pending = [](const Entry &e) { return !e.decided && e.outcome.how == "switch"; };
	if (std::none_of(entries_.begin(), entries_.end(), pending))
		return {};
	for (int attempt = 0; !image; attempt++) {
		mutant::Schemata schemata(originals_);
		std::map<unsigned, Entry *> numbers;
		for (Entry &e : entries_) {
			if (!pending(e))
				continue;
			if (const std::string why = schemata.refuse(e.files); !why.empty()) {
				e.outcome.how = "kernel";
				continue;
			}
			e.number = schemata.add(e.files);
			numbers[e.number] = &e;
		}
		if (numbers.empty())
			return {};
		if (auto r = put(schemata.files()); !r)
			return r;
		auto built = builder_->build(*workspace_, [&](const std::string &what) { terminal_.busy("kernel", what); });
		terminal_.busy("kernel", "");
		if (!built)
			return built.error();
		if (built->ok) {
			const std::string mine = scratch_->path("Image");
			std::error_code error;
			fs::copy_file(built->image, mine, fs::copy_options::overwrite_existing, error);
			auto loaded = machine::load_image(mine);
			if (!loaded)
				return loaded.error();
			image.emplace(std::move(*loaded));
			terminal_.print(fmt::format("    one kernel with {} mutants, built in {:.0f} s\n", numbers.size(),
						    seconds_since(build_start)));
			break;
		}
		const auto log = read_file(built->log);
		const auto culprits = log ? blamed(*log) : std::set<unsigned>();
		if (culprits.empty() || attempt == 20)
			return Error{"the kernel with all mutants does not build: " + built->place + ": " + built->error};
		for (const unsigned number : culprits) {
			Entry &e = *numbers.at(number);
			e.outcome.fate = Fate::not_built;
			e.outcome.reason = "the compiler does not take it";
			decide(e);
		}
	}
	switch_build_seconds_ = seconds_since(build_start);

	const auto run_start = Clock::now();
	std::map<std::string, std::vector<Entry *>> by_mode;
	for (Entry &e : entries_)
		if (pending(e))
			by_mode[mode_of(e)].push_back(&e);
	for (const auto &[mode, list] : by_mode) {
		if (auto r = baseline(*image, mode, true); !r) {
			for (Entry *e : list) {
				e->outcome.fate = Fate::not_run;
				e->outcome.reason = r.error().what;
				decide(*e);
			}
			continue;
		}
		std::map<std::string, Entry *> by_name;
		for (Entry *e : list)
			by_name[e->mutant.name] = e;
		const std::size_t jobs = std::clamp<std::size_t>(options_.jobs, 1, list.size());
		std::vector<std::thread> workers;
		std::atomic<std::size_t> decided{0};
		for (std::size_t i = 0; i < jobs; i++)
			workers.emplace_back([&, i] {
				std::vector<mutant::Trial> trials;
				for (std::size_t n = i; n < list.size(); n += jobs)
					trials.push_back({&list[n]->mutant, list[n]->number, &list[n]->outcome});
				auto machine = machine_for(*image, mode);
				if (!machine)
					return;
				mutant::try_mutants(**machine, suites_.at(mode), trials, options_.all_cases,
						    [&](const mutant::Trial &t) {
					decide(*by_name.at(t.mutant->name));
					terminal_.busy(mode, fmt::format("{}/{} mutants", ++decided, list.size()));
				});
			});
		for (std::thread &worker : workers)
			worker.join();
		terminal_.busy(mode, "");
		if (auto r = store(); !r)
			return r;
	}
	switch_run_seconds_ = seconds_since(run_start);
	return {};
}

/// A kernel for each mutant: one is built while the one before it boots.
Result<void> Campaign::judge_alone()
{
	std::vector<Entry *> list;
	for (Entry &e : entries_)
		if (!e.decided && e.outcome.how == "kernel")
			list.push_back(&e);
	if (list.empty())
		return {};
	const auto build = [&](const std::string &name, const Files &files, Outcome *outcome) -> Result<std::optional<machine::Image>> {
		const auto start = Clock::now();
		if (auto r = put(files); !r)
			return r.error();
		auto built = builder_->build(*workspace_, [&](const std::string &what) { terminal_.busy("kernel", name + ": " + what); });
		terminal_.busy("kernel", "");
		if (!built)
			return built.error();
		if (outcome)
			outcome->build_seconds = seconds_since(start);
		if (!built->ok) {
			if (!outcome)
				return Error{"the kernel as it is does not build: " + built->place + ": " + built->error};
			outcome->fate = Fate::not_built;
			outcome->reason = built->place + ": " + built->error;
			return std::optional<machine::Image>();
		}
		const std::string mine = scratch_->path("Image." + std::to_string(std::hash<std::string>()(name)));
		std::error_code error;
		fs::copy_file(built->image, mine, fs::copy_options::overwrite_existing, error);
		auto image = machine::load_image(mine);
		if (!image)
			return image.error();
		return std::optional<machine::Image>(std::move(*image));
	};
	suites_.clear(); // another kernel, and no switch
	auto plain = build("without a mutant", {}, nullptr);
	if (!plain)
		return plain.error();
	std::future<void> running;
	for (Entry *e : list) {
		if (machine::interrupted())
			break;
		if (auto r = baseline(**plain, mode_of(*e), false); !r) {
			e->outcome.fate = Fate::not_run;
			e->outcome.reason = r.error().what;
			decide(*e);
			continue;
		}
		auto image = build(e->mutant.name, e->files, &e->outcome);
		if (!image)
			return image.error();
		if (running.valid())
			running.get();
		if (!*image) {
			decide(*e);
			continue;
		}
		running = std::async(std::launch::async, [this, e, image = std::move(**image)] {
			auto machine = machine_for(image, mode_of(*e));
			if (machine)
				mutant::try_mutants(**machine, suites_.at(mode_of(*e)), {{&e->mutant, 0, &e->outcome}},
						    options_.all_cases, [&](const mutant::Trial &) {
							    if (!machine::interrupted())
								    decide(*e);
						    });
			std::error_code error;
			fs::remove(image.path, error);
			(void)store();
		});
	}
	if (running.valid())
		running.get();
	return {};
}

/// Takes over what an earlier run has decided, as long as nothing it depends on has changed.
void Campaign::recall()
{
	if (options_.json.empty() || ::access(options_.json.c_str(), R_OK) != 0)
		return;
	const auto text = read_file(options_.json);
	if (!text)
		return;
	try {
		const Json json = model::parse_strict(*text);
		std::map<std::string, const Json *> known;
		for (const Json &m : json.at("mutants"))
			known[m.at("key").get<std::string>()] = &m;
		std::size_t taken = 0;
		for (Entry &e : entries_) {
			const auto it = known.find(e.key);
			if (it == known.end() || it->second->at("fate") == "not-run")
				continue;
			const Json &m = *it->second;
			for (int f = 0; f <= static_cast<int>(Fate::refused); f++)
				if (mutant::name(static_cast<Fate>(f)) == m.at("fate").get<std::string>())
					e.outcome.fate = static_cast<Fate>(f);
			for (const Json &k : m.at("killers"))
				e.outcome.killers.push_back({k.at("case").get<std::string>(), k.at("verdict").get<std::string>()});
			e.outcome.reason = m.at("reason").get<std::string>();
			e.outcome.cases = m.at("cases").get<std::size_t>();
			e.outcome.run_seconds = m.at("run_seconds").get<double>();
			e.outcome.build_seconds = m.at("build_seconds").get<double>();
			e.decided = e.stored = true;
			taken++;
		}
		release_ = json.value("release", "");
		if (taken > 0)
			terminal_.print(fmt::format("    {} of {} mutants are in {} already\n", taken, entries_.size(),
						    options_.json));
	} catch (const Json::exception &) {
		terminal_.print("    " + options_.json + " is not the result of a campaign; it is written anew\n");
	} catch (const model::Malformed &) {
		terminal_.print("    " + options_.json + " is not the result of a campaign; it is written anew\n");
	}
}

Result<void> Campaign::store()
{
	const std::lock_guard lock(mutex_);
	if (options_.json.empty())
		return {};
	Json json;
	json["campaign"] = 1;
	json["exit24"] = version;
	json["command"] = options_.command;
	char date[32];
	const std::time_t now = std::time(nullptr);
	std::strftime(date, sizeof(date), "%Y-%m-%d", std::gmtime(&now));
	json["date"] = date;
	json["release"] = release_;
	json["mode"] = options_.mode;
	json["kind"] = options_.generated ? "systematic" : "written";
	json["all_cases"] = options_.all_cases;
	json["seconds"] = {{"build", switch_build_seconds_}, {"run", switch_run_seconds_}};
	json["baseline"] = Json::object();
	for (const auto &[mode, suite] : suites_)
		for (const auto &[name, base] : suite.baseline)
			json["baseline"][mode][name] = judge::name(base.verdict.status);
	json["mutants"] = Json::array();
	for (const Entry &e : entries_) {
		if (!e.decided)
			continue;
		const Outcome &o = e.outcome;
		Json killers = Json::array();
		for (const mutant::Killer &k : o.killers)
			killers.push_back({{"case", k.case_name}, {"verdict", k.verdict}});
		json["mutants"].push_back({{"name", o.mutant}, {"kind", e.mutant.kind}, {"broken", e.mutant.broken},
					   {"rules", e.mutant.rules}, {"fate", mutant::name(o.fate)}, {"how", o.how},
					   {"mode", o.mode}, {"killers", killers}, {"reason", o.reason}, {"cases", o.cases},
					   {"build_seconds", o.build_seconds}, {"run_seconds", o.run_seconds},
					   {"key", e.key}});
	}
	return write_file(options_.json, json.dump(1, '\t', false, Json::error_handler_t::replace) + "\n");
}

int Campaign::conclude(double seconds)
{
	std::map<Fate, std::size_t> counts;
	std::string survivors;
	for (const Entry &e : entries_) {
		if (e.decided)
			counts[e.outcome.fate]++;
		if (e.decided && e.outcome.fate == Fate::survived)
			survivors += "  " + e.mutant.name + ": " + e.mutant.broken + "\n";
	}
	std::string text;
	for (const auto &[fate, count] : counts)
		text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, mutant::name(fate));
	const std::size_t caught = counts[Fate::killed] + counts[Fate::refused] + counts[Fate::noticed];
	const std::size_t judged = caught + counts[Fate::survived];
	terminal_.print(fmt::format("{} [{:8.1f}s] {} mutants: {}; {} of {} that can be noticed are\n", terminal_.bold(" Summary"),
				    seconds, entries_.size(), text, caught, judged));
	if (!survivors.empty())
		terminal_.print("survived:\n" + survivors);
	if (judged == 0) {
		terminal_.print("no mutant was judged, so nothing is proved\n");
		return 3;
	}
	return counts[Fate::survived] > 0 ? 1 : unjudged_ > 0 ? 3 : 0;
}

int Campaign::run()
{
	const auto start = Clock::now();
	if (!options_.json.empty())
		if (auto r = check_writable(options_.json); !r)
			return fail(2, r.error().what);
	if (auto r = load(); !r)
		return fail(machine::interrupted() ? 130 : 2, r.error().what);
	if (auto r = apply_all(); !r)
		return fail(2, r.error().what);
	judge_headers();
	for (auto step : {&Campaign::judge_switched, &Campaign::judge_alone})
		if (auto r = (this->*step)(); !r && !machine::interrupted())
			return fail(3, r.error().what);
	if (auto r = store(); !r)
		return fail(3, r.error().what);
	if (machine::interrupted())
		return fail(130, "interrupted" + (options_.json.empty() ? std::string() : "; what was decided is in " + options_.json +
				 ", and the same command goes on from there"));
	return conclude(seconds_since(start));
}

} // namespace

int mutants(const MutantsOptions &options)
{
	MutantsOptions filled = options;
	if (filled.jobs == 0)
		filled.jobs = std::max(1u, std::thread::hardware_concurrency());
	Campaign campaign(filled, find_places());
	return campaign.run();
}

} // namespace exit24::cli
