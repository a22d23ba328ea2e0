// SPDX-License-Identifier: GPL-2.0-only
#include "base/version.hpp"
#include "cli/data.hpp"
#include "cli/fleet.hpp"
#include "cli/report.hpp"
#include "cli/settings.hpp"
#include "cli/verbs.hpp"
#include "machine/machine.hpp"
#include "machine/process.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace {

void on_interrupt(int)
{
	exit24::machine::interrupt();
}

/// A file of ours must not become standard input or output because the caller has closed that.
void open_standard_streams()
{
	int fd;
	while ((fd = ::open("/dev/null", O_RDWR)) >= 0 && fd <= STDERR_FILENO)
		;
	if (fd >= 0)
		::close(fd);
}

/// The command line for a page that others read: of the folders of this machine only the last part.
std::string as_typed(int argc, char **argv)
{
	std::string command = "exit24";
	for (int i = 1; i < argc; i++) {
		const std::string word = argv[i];
		command += " " + exit24::cli::quote(word.starts_with("/") ? word.substr(word.rfind('/') + 1) : word);
	}
	return command;
}

} // namespace

int main(int argc, char **argv)
{
	using namespace exit24;
	open_standard_streams();

	CLI::App app{"exit24 - does this kernel keep the KVM_EXIT_SYSTEM_EVENT contract?", "exit24"};
	app.set_version_flag("--version", std::string("exit24 ") + version);
	app.require_subcommand(1);
	app.footer("Exit status: 0 all judged cases pass; 1 something failed, hung or crashed; 2 usage or bad input;\n"
		   "3 harness or machine error, or nothing could be judged; 4 a series does not apply or build;\n"
		   "130 interrupted.");

	const char *const known_help = "a list of known failures, instead of the one beside the cases";
	const std::string report_help = "write it in another form too, any that exit24 report --as has; repeatable";
	std::set<std::string> mode_names;
	std::string mode_help = "how to run the kernel; nvhe and vhe without any, all for every one that this host can give";
	mode_names.insert("all");
	for (const machine::Mode &mode : machine::modes())
		mode_names.insert(std::string(mode.name));

	const std::string tag_help = "only cases with this tag, a glob; A,B: one of them; !A: without it; several must all hold";
	// What decides on the cells: the same for the verbs that run, plan or export them.
	const auto add_cells = [&](CLI::App *verb, cli::CellOptions &o) {
		verb->add_option("GLOB", o.globs, "names of cases, system_off/*; all without any");
		verb->add_option("-k,--kernel", o.kernels, "an arm64 kernel image (Image, Image.gz, zboot); repeatable")
			->type_name("IMAGE")->expected(1)->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
		verb->add_option("-m,--mode", o.modes, mode_help)
			->type_name("MODE,...")->delimiter(',')->check(CLI::IsMember(mode_names))->expected(1)->allow_extra_args(false)
			->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
		verb->add_option("-x,--exclude", o.exclude, "leave these out; repeatable")->type_name("GLOB")->expected(1)
			->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
		verb->add_option("-t,--tag", o.tags, tag_help)->type_name("TAG,...")->expected(1)
			->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
		verb->add_option("--cases", o.cases, "another folder of cases")->type_name("DIR");
		verb->add_option("--append", o.append, "more of the lab kernel's command line")->type_name("ARGS");
		verb->add_option("--cpu", o.cpu, "another of QEMU's processors for the lab")->type_name("CPU");
		verb->add_option("--clock", o.clock, "the lab's clock: the same in each run, or the host's")
			->check(CLI::IsMember({"deterministic", "real"}))->capture_default_str();
		verb->add_option("--cpus", o.cpus, "the lab's processors; with more than one, cases run side by "
			"side and the clock is real")
			->check(CLI::Range(1u, 64u))->type_name("N")->capture_default_str();
		verb->add_option_function<std::string>("--partition", [&o](const std::string &text) {
			const auto partition = model::read_partition(text);
			if (!partition)
				throw CLI::ValidationError("--partition: " + partition.error().what);
			o.partition = *partition;
		}, "only the M-th of N parts of the cells")->type_name("count:M/N");
	};

	cli::CellOptions run;
	bool fail_fast = false;
	CLI::App *run_app = app.add_subcommand("run", "run cases on a kernel, or on this host's own KVM");
	add_cells(run_app, run);
	run_app->add_option("--machine", run.machine, "where: this host's KVM, QEMU's emulated EL2, or what is there")
		->check(CLI::IsMember({"auto", "native", "lab"}))->capture_default_str();
	run_app->add_option("-j,--jobs", run.jobs, "kernels and modes run side by side; as many as processors")
		->check(CLI::Range(1u, 256u))->type_name("N");
	run_app->add_option("--repeat", run.repeat, "run all of it so often; a case whose verdicts differ is flaky, and fails")
		->check(CLI::Range(1u, 10000u))->type_name("N");
	run_app->add_option("--max-fail", run.max_fail, "stop when so many cases have failed; the others are skipped")
		->check(CLI::Range(1u, 1000000u))->type_name("N");
	run_app->add_flag("--fail-fast", fail_fast, "the same as --max-fail 1")->excludes("--max-fail");
	run_app->add_option("--slowest", run.slowest, "name the N cases that took longest, at the end")
		->check(CLI::Range(1u, 1000000u))->type_name("N");
	run_app->add_option("--tally", run.tally, "write there which cases were flaky, and which failed")->type_name("FILE");
	run_app->add_option("--json", run.json, "write the report there")->type_name("FILE");
	run_app->add_option("--report", run.reports, report_help)->type_name("KIND=PATH")->expected(1)
		->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
	CLI::Option *rerun = run_app->add_option("--rerun-failed", run.rerun_failed, "only what is not right in that report")
		->type_name("REPORT");
	rerun->excludes(run_app->get_option("GLOB"));
	run_app->add_flag("--list", run.list, "print the names of the cases and run none");
	run_app->add_option("--recordings", run.recordings, "keep what was recorded, for exit24 judge")->type_name("DIR");
	run_app->add_option("--known-failures", run.known_failures, known_help)->type_name("FILE");
	run_app->add_option("--qemu", run.qemu, "another qemu-system-aarch64")->type_name("PATH");

	cli::CellOptions plan;
	bool plan_json = false;
	CLI::App *plan_app = app.add_subcommand("plan", "the cells that run would run: each kernel in each mode, with its id");
	add_cells(plan_app, plan);
	plan_app->add_flag("--json", plan_json, "for programs");

	cli::MergeOptions merge;
	CLI::App *merge_app = app.add_subcommand("merge", "join the reports of all parts of a plan");
	merge_app->add_option("REPORT", merge.files, "what run --partition --json has written, of each part")->required();
	merge_app->add_option("-o,--output", merge.output, "where to; \"-\" is the standard output")
		->type_name("PATH")->required();

	cli::ExportOptions exported;
	CLI::App *export_app = app.add_subcommand("export", "cells for other machines: an initramfs, jobs for LAVA");
	export_app->require_subcommand(1);
	CLI::App *initramfs_app = export_app->add_subcommand("initramfs", "one that runs cases on any arm64 kernel, and tells on its console");
	initramfs_app->add_option("GLOB", exported.cells.globs, "names of cases, system_off/*; all without any");
	initramfs_app->add_option("-x,--exclude", exported.cells.exclude, "leave these out; repeatable")->type_name("GLOB")->expected(1)
		->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
	initramfs_app->add_option("--cases", exported.cells.cases, "another folder of cases")->type_name("DIR");
	initramfs_app->add_option("-o,--output", exported.output, "where to; \"-\" is the standard output")
		->type_name("PATH")->required();
	CLI::App *lava_app = export_app->add_subcommand("lava", "a folder with a LAVA job for each cell, and all that they need");
	add_cells(lava_app, exported.cells);
	lava_app->add_option("-o,--output", exported.output, "the folder, new or empty")->type_name("DIR")->required();
	lava_app->add_option("--url", exported.url, "where LAVA's workers will find that folder; file://DIR without")->type_name("URL");
	lava_app->add_option("--method", exported.method, "how the kernel is booted")->check(CLI::IsMember({"qemu", "u-boot"}))
		->capture_default_str();
	lava_app->add_option("--device-type", exported.device_type, "LAVA's name of the machine")->type_name("NAME")->capture_default_str();
	lava_app->add_option("--dtb", exported.dtb, "the board's device tree, for u-boot")->type_name("URL");
	lava_app->add_option("--minutes", exported.minutes, "a job that takes longer is ended")->check(CLI::Range(1u, 10000u))
		->type_name("N")->capture_default_str();

	cli::ImportOptions imported;
	CLI::App *import_app = app.add_subcommand("import", "judge the logs of other machines that ran what was exported");
	import_app->require_subcommand(1);
	CLI::App *import_lava_app = import_app->add_subcommand("lava", "logs of LAVA jobs, or of consoles");
	import_lava_app->add_option("LOG", imported.judge.recordings, "of a job (lavacli jobs logs --raw), or what a console printed")->required();
	import_lava_app->add_option("--plan", imported.plan, "the plan.json of export lava: what each cell is, and whether one is missing")
		->type_name("FILE");
	import_lava_app->add_option("--cases", imported.judge.cases, "another folder of cases")->type_name("DIR");
	import_lava_app->add_option("--json", imported.judge.json, "write the report there")->type_name("FILE");
	import_lava_app->add_option("--known-failures", imported.judge.known_failures, known_help)->type_name("FILE");
	import_lava_app->add_option("--report", imported.judge.reports, report_help)->type_name("KIND=PATH")->expected(1)
		->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
	import_lava_app->add_option("--recordings", imported.keep, "keep what was recorded, for exit24 judge")->type_name("DIR");

	std::string cases_folder, show_name, linux_tree, cite_doc, cite_words;
	std::vector<std::string> list_globs, list_tags;
	CLI::App *cases_app = app.add_subcommand("cases", "list cases, show one, look up sentences to cite");
	cases_app->add_option("--cases", cases_folder, "another folder of cases")->type_name("DIR");
	cases_app->require_subcommand(0, 1);
	CLI::App *list_app = cases_app->add_subcommand("list", "names and titles (the default)");
	list_app->add_option("GLOB", list_globs, "names of cases");
	for (CLI::App *verb : {cases_app, list_app})
		verb->add_option("-t,--tag", list_tags, tag_help)->type_name("TAG,...")->expected(1)
			->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
	CLI::App *tags_app = cases_app->add_subcommand("tags", "the tags that there are, and how many cases have each");
	CLI::App *show_app = cases_app->add_subcommand("show", "a case, its guests' source and disassembly, its text");
	show_app->add_option("CASE", show_name, "name or glob")->required();
	show_app->add_option("--linux", linux_tree, "a kernel tree, to print the cited sentences from")->type_name("TREE");
	CLI::App *cite_app = cases_app->add_subcommand("cite", "find sentences of a kernel document and their hashes");
	cite_app->add_option("DOC", cite_doc, "path in the tree")->required();
	cite_app->add_option("--linux", linux_tree, "a kernel tree")->type_name("TREE")->required();
	cite_app->add_option("--find", cite_words, "words that the sentence has")->required();

	CLI::App *matrix_app = cases_app->add_subcommand("matrix", "which cases cover which rule of the ABI");

	cli::JudgeOptions judge;
	CLI::App *judge_app = app.add_subcommand("judge", "judge recordings again, offline");
	judge_app->add_option("RECORDING", judge.recordings, "what run --recordings has kept")->required();
	judge_app->add_option("--cases", judge.cases, "another folder of cases")->type_name("DIR");
	judge_app->add_option("--json", judge.json, "write the report there")->type_name("FILE");
	judge_app->add_option("--known-failures", judge.known_failures, known_help)->type_name("FILE");
	judge_app->add_option("--report", judge.reports, report_help)->type_name("KIND=PATH")->expected(1)
		->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);

	cli::ReportOptions report;
	CLI::App *report_app = app.add_subcommand("report", "a report for people, CI servers or the kernel's tools");
	report_app->add_option("REPORT", report.files, "what run --json has written; several are set side by side")
		->required();
	report_app->add_option("--as", report.kind, "one of " + cli::kind_names())->type_name("KIND")->required();
	report_app->add_option("--cell", report.only, "only kernels and modes with such a name, 7.3.4/nvhe or a glob")
		->type_name("GLOB");
	report_app->add_option("--coverage", report.coverage, "html: show what exit24 coverage --json has written, too; repeatable")
		->type_name("FILE")->expected(1)->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
	report_app->add_option("-o,--output", report.output, "where to; \"-\" is the standard output")
		->type_name("PATH")->capture_default_str();
	report_app->add_option("--origin", report.origin, "kcidb: who submits")->type_name("NAME")->capture_default_str()
		->check(CLI::Validator([](std::string &s) {
			const bool good = !s.empty() && s.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
			return good ? "" : "must be of a-z, 0-9 and _";
		}, "", ""));
	report_app->add_option("--tested-by", report.tested_by, "mail: end a green report with this person's Tested-by")
		->type_name("NAME <ADDRESS>");

	std::string explained;
	CLI::App *explain_app = app.add_subcommand("explain", "a case or a rule: what, why, whom it hurts, which mutants");
	explain_app->add_option("NAME", explained, "of a case or a rule, SE-OFF-01; or a glob")->required();
	explain_app->add_option("--cases", cases_folder, "another folder of cases")->type_name("DIR");

	cli::RunOptions demo;
	CLI::App *demo_app = app.add_subcommand("demo", "see red before you trust green: an expectation that is wrong on purpose");
	demo_app->add_option("-k,--kernel", demo.kernels, "an arm64 kernel image")->type_name("IMAGE")->expected(1)
		->allow_extra_args(false);

	cli::UapiOptions uapi;
	CLI::App *uapi_app = app.add_subcommand("uapi", "check the numbers and layouts in a kernel's user headers");
	uapi_app->add_option("TREE", uapi.tree, "a kernel tree, or a folder with installed linux/kvm.h and asm/kvm.h")
		->required();
	uapi_app->add_option("OTHER", uapi.other, "another one, to be checked too and compared with the first");
	uapi_app->add_flag("--all", uapi.all, "print every number that holds, not just how many");

	cli::CitesOptions cites;
	CLI::App *cites_app = app.add_subcommand("cites", "which sentences of a kernel's documents cases rest on");
	cites_app->add_option("--linux", cites.linux_tree, "a kernel tree")->type_name("TREE")->required();
	cites_app->add_option("--base", cites.base, "an older tree: print what vanished since, and what it may be now")
		->type_name("TREE");
	cites_app->add_option("--cases", cites.cases, "another folder of cases")->type_name("DIR");
	cites_app->add_flag("--strict", cites.strict, "end with status 1 if a cited sentence has vanished");

	cli::MutantsOptions mutants;
	CLI::App *mutants_app = app.add_subcommand("mutants", "try kernels that are wrong on purpose, and see each caught");
	mutants_app->add_option("GLOB", mutants.globs, "names of mutants, off2-*; all without any");
	mutants_app->add_option("--linux", mutants.linux_tree, "a kernel tree; it is only read")->type_name("TREE")->required();
	mutants_app->add_option("-m,--mode", mutants.mode, "how to run those that need no mode of their own")
		->type_name("MODE")->check(CLI::IsMember(mode_names))->capture_default_str();
	mutants_app->add_option("-j,--jobs", mutants.jobs, "work side by side; as many as processors")
		->check(CLI::Range(1u, 256u))->type_name("N");
	mutants_app->add_option("--json", mutants.json, "write the result there, and go on from what is there already")
		->type_name("FILE");
	mutants_app->add_flag("--slow", mutants.slow, "a kernel for each mutant, not one with a switch for all");
	mutants_app->add_flag("--generated", mutants.generated, "the mutants that are made by rule, not the written ones");
	mutants_app->add_flag("--all-cases", mutants.all_cases, "all cases for each mutant, not until one notices it");
	mutants_app->add_option("--cases", mutants.cases, "another folder of cases")->type_name("DIR");
	mutants_app->add_option("--qemu", mutants.qemu, "another qemu-system-aarch64")->type_name("PATH");
	mutants_app->add_flag("--no-sandbox", mutants.no_sandbox, "build without bubblewrap");

	cli::CoverageOptions coverage;
	CLI::App *coverage_app = app.add_subcommand("coverage", "which lines of the kernel's PSCI code the cases reach");
	coverage_app->add_option("GLOB", coverage.globs, "names of cases; all without any");
	coverage_app->add_option("--linux", coverage.linux_tree, "a kernel tree; it is only read")->type_name("TREE")->required();
	coverage_app->add_option("-m,--mode", coverage.modes, "how to run the kernel; nvhe without any; several add up")
		->type_name("MODE,...")->delimiter(',')->check(CLI::IsMember(mode_names));
	coverage_app->add_option("-j,--jobs", coverage.jobs, "compilers side by side; as many as processors")
		->check(CLI::Range(1u, 256u))->type_name("N");
	coverage_app->add_option("--json", coverage.json, "write the result there")->type_name("FILE");
	coverage_app->add_option("--cases", coverage.cases, "another folder of cases")->type_name("DIR");
	coverage_app->add_option("--qemu", coverage.qemu, "another qemu-system-aarch64")->type_name("PATH");
	coverage_app->add_flag("--no-sandbox", coverage.no_sandbox, "build without bubblewrap");

	std::string evidence_folder;
	CLI::App *evidence_app = app.add_subcommand("evidence", "the page that says what mutants, coverage and repetitions have shown");
	evidence_app->add_option("FOLDER", evidence_folder, "where their results are")->required();

	cli::ValidateOptions validate;
	bool no_sandbox = false, each = true;
	// What validate and b4-check have in common
	const auto how_to_validate = [&](CLI::App *verb, cli::ValidateOptions &options) {
		verb->add_option("-m,--mode", options.modes, mode_help)
			->type_name("MODE,...")->delimiter(',')->check(CLI::IsMember(mode_names))->expected(1)->allow_extra_args(false)
			->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
		verb->add_option("--case", options.globs, "only these cases")->type_name("GLOB")->expected(1)
			->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
		verb->add_option("--cases", options.cases, "another folder of cases")->type_name("DIR");
		verb->add_option("--known-failures", options.known_failures, known_help)->type_name("FILE");
		verb->add_option("--qemu", options.qemu, "another qemu-system-aarch64")->type_name("PATH");
		verb->add_option("-j,--jobs", options.jobs, "compilers and kernels at a time; as many as processors")
			->check(CLI::Range(1u, 256u))->type_name("N");
		verb->add_option("--build-limit", options.build_limit, "stop a build that takes longer")
			->type_name("SECONDS")->check(CLI::Range(1u, 1000000u))->capture_default_str();
		verb->add_flag("--no-sandbox", no_sandbox, "run the patches' makefiles with all your rights");
	};
	CLI::App *validate_app = app.add_subcommand("validate", "build, boot and judge a kernel before and after each patch of a series");
	validate_app->add_option("SERIES", validate.series, "mbox, patches, a folder of them, A..B, *.cocci, a page of an archive")->required();
	validate_app->add_option("--linux", validate.tree, "the kernel tree, never written to: git, or a bare linux-source")
		->type_name("TREE")->required();
	validate_app->add_option("--base", validate.base, "the commit to apply to; what the series says, or HEAD")->type_name("COMMIT");
	CLI::Option *each_flag = validate_app->add_flag("--each", each, "after every patch (the default)");
	validate_app->add_flag("--whole", validate.whole, "only the base and the end")->excludes(each_flag);
	how_to_validate(validate_app, validate);
	validate_app->add_option("--json", validate.json, "write the verdicts there")->type_name("FILE");
	validate_app->add_option("--reports", validate.reports, "write a report for each state, for exit24 diff")->type_name("DIR");
	validate_app->add_option("--reply", validate.reply, "write a plain-text mail that answers the series")->type_name("FILE");
	validate_app->add_option("--tested-by", validate.tested_by, "end that mail with a Tested-by of this person, who has to agree")
		->type_name("\"NAME <ADDRESS>\"")->needs("--reply");

	cli::B4CheckOptions b4_check;
	CLI::App *b4_app = app.add_subcommand("b4-check", "validate as a check of b4 review: a mail on standard input, JSON on standard output");
	b4_app->add_option("--linux", b4_check.validate.tree, "the kernel tree; the folder in which b4 runs its checks without")
		->type_name("TREE");
	b4_app->add_flag("--patch", b4_check.patch, "answer for the patch on standard input alone, for b4.review-perpatch-check-cmd");
	how_to_validate(b4_app, b4_check.validate);

	cli::ReproOptions repro;
	CLI::App *repro_app = app.add_subcommand("repro", "a folder with one case, to be run without exit24");
	repro_app->add_option("CASE", repro.name, "its name")->required();
	repro_app->add_option("-o,--output", repro.folder, "the folder; repro-CASE without")->type_name("DIR");
	repro_app->add_option("-m,--mode", repro.mode, "how qemu.sh runs the kernel")->check(CLI::IsMember(mode_names))->type_name("MODE")
		->capture_default_str();
	repro_app->add_option("--cases", repro.cases, "another folder of cases")->type_name("DIR");

	cli::DiffOptions diff;
	CLI::App *diff_app = app.add_subcommand("diff", "compare two reports, in words");
	diff_app->add_option("A", diff.a, "a report, of run --json or validate --reports")->required();
	diff_app->add_option("B", diff.b, "another one")->required();

	cli::DoctorOptions doctor;
	CLI::App *doctor_app = app.add_subcommand("doctor", "what this host can run, by trying, and what is missing");
	doctor_app->add_flag("--json", doctor.json, "for programs");

	const auto not_empty = CLI::Validator([](std::string &s) { return s.empty() ? "must not be empty" : ""; }, "", "");
	for (CLI::App *verb : {run_app, plan_app, merge_app, initramfs_app, lava_app, import_lava_app, judge_app, report_app})
		for (CLI::Option *option : verb->get_options())
			if (option->get_name() == "--json" || option->get_name() == "--recordings" || option->get_name() == "--cases" ||
			    option->get_name() == "--known-failures" || option->get_name() == "--output")
				option->check(not_empty);

	try {
		// who asks for help gets it, whatever the settings say
		cli::add_settings(app, std::any_of(argv, argv + argc, [](std::string_view word) {
			return word == "-h" || word == "--help" || word == "--version";
		}));
		const auto verbs = app.get_subcommands([](const CLI::App *) { return true; });
		if (argc > 1 && argv[1][0] != '-' &&
		    std::none_of(verbs.begin(), verbs.end(), [&](const CLI::App *v) { return v->check_name(argv[1]); })) {
			std::vector<std::string> names;
			for (const CLI::App *v : verbs)
				names.push_back(v->get_name());
			const std::string near = cli::nearest(names, argv[1]);
			throw CLI::ParseError(std::string("there is no verb \"") + argv[1] + "\"" + (near.empty() ? "" : "; is it " + near + "?"), 2);
		}
		app.parse(argc, argv);
	} catch (const CLI::Success &e) {
		return app.exit(e); // --help, --version
	} catch (const cli::BadSettings &e) {
		return cli::fail(2, e.what());
	} catch (const CLI::ParseError &e) {
		const auto verbs = app.get_subcommands();
		const std::string verb = verbs.empty() ? "" : verbs.front()->get_name() + " ";
		const std::string what = argc == 1 ? "what shall be done? run, demo, doctor and others" : e.what();
		return cli::fail(2, what + (what.ends_with("?") ? " See" : "; see") + " exit24 " + verb + "--help");
	}

	struct sigaction action = {};
	action.sa_handler = on_interrupt;
	action.sa_flags = static_cast<int>(SA_RESETHAND); // the second one ends us at once
	for (const int signal : {SIGINT, SIGTERM, SIGHUP})
		sigaction(signal, &action, nullptr);

	for (std::vector<std::string> *modes : {&run.modes, &plan.modes, &exported.cells.modes, &validate.modes, &b4_check.validate.modes})
		if (std::find(modes->begin(), modes->end(), "all") != modes->end()) {
			modes->clear();
			for (const machine::Mode &mode : machine::modes())
				modes->emplace_back(mode.name);
		} else if (modes->empty() && modes != &run.modes) {
			*modes = {"nvhe", "vhe"};
		}
	for (const auto &[verb, options] : {std::pair{run_app, &run}, {plan_app, &plan}, {lava_app, &exported.cells}})
		if (*verb && options->cpus > 1 && verb->get_option("--clock")->count() > 0 && options->clock != "real")
			return cli::fail(2, "--cpus " + std::to_string(options->cpus) + " needs --clock real: the deterministic clock "
						    "counts the instructions of one processor");
	if (*plan_app) {
		plan.json = plan_json ? "-" : "";
		return cli::plan(plan);
	}
	if (*merge_app)
		return cli::merge(merge);
	if (*initramfs_app)
		return cli::export_initramfs(exported);
	if (*lava_app)
		return cli::export_lava(exported);
	if (*import_lava_app)
		return cli::import_logs(imported);
	if (*run_app) {
		if (fail_fast)
			run.max_fail = 1;
		run.command = "exit24 run";
		if (run.cpus > 1)
			run.command += fmt::format(" --cpus {}", run.cpus);
		for (const auto &[option, value] : {std::pair{"--append", run.append}, {"--cpu", run.cpu},
						    {"--cases", run.cases},
						    {"--known-failures", run.known_failures}})
			if (!value.empty())
				run.command += fmt::format(" {} {}", option, cli::quote(value));
		return cli::run(run);
	}
	if (*validate_app) {
		validate.sandbox = !no_sandbox;
		return cli::validate(validate);
	}
	if (*b4_app) {
		if (b4_check.validate.tree.empty())
			b4_check.validate.tree = ".";
		b4_check.validate.sandbox = !no_sandbox;
		return cli::b4_check(b4_check);
	}
	if (*repro_app)
		return cli::repro(repro);
	if (*diff_app)
		return cli::diff(diff);
	if (*judge_app)
		return cli::judge_recordings(judge);
	if (*explain_app)
		return cli::explain(cases_folder, explained);
	if (*demo_app)
		return cli::demo(demo);
	if (*report_app)
		return cli::report_as(report);
	if (*uapi_app)
		return cli::uapi(uapi);
	if (*cites_app)
		return cli::cites(cites);
	if (*evidence_app)
		return cli::evidence(evidence_folder);
	if (*coverage_app) {
		if (coverage.modes.empty())
			coverage.modes = {"nvhe"};
		coverage.command = as_typed(argc, argv);
		return cli::coverage(coverage);
	}
	if (*mutants_app) {
		mutants.command = as_typed(argc, argv);
		return cli::mutants(mutants);
	}
	if (*doctor_app)
		return cli::doctor(doctor);
	if (*show_app)
		return cli::show_case(cases_folder, show_name, linux_tree);
	if (*matrix_app)
		return cli::matrix(cases_folder);
	if (*cite_app)
		return cli::cite(cite_doc, linux_tree, cite_words);
	if (*tags_app)
		return cli::list_tags(cases_folder);
	return cli::list_cases(cases_folder, list_globs, list_tags);
}
