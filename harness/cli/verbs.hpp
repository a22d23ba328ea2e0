// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"

#include <string>
#include <vector>

/// The verbs of `exit24`. Each returns the exit status: 0 all judged cases pass, 1 something failed, hung or
/// crashed, 2 usage or bad input, 3 harness or machine error or nothing judged, 4 a series does not apply or build,
/// 130 interrupted.
namespace exit24::cli {

struct RunOptions {
	std::vector<std::string> globs;
	std::vector<std::string> kernels;
	std::vector<std::string> modes;
	std::string machine = "auto";
	std::string cases;
	std::string json;
	std::vector<std::string> reports; ///< KIND=PATH
	std::string recordings;
	std::string append;
	std::string cpu;
	std::string qemu = "qemu-system-aarch64";
	std::string clock = "deterministic";
	std::string known_failures;
	unsigned jobs = 0;
	unsigned repeat = 1;
	unsigned max_fail = 0; ///< stop after so many; 0 is never
	unsigned slowest = 0;  ///< how many to name at the end
	std::string tally; ///< how often each case was flaky or failed
	std::vector<std::string> exclude; ///< globs
	std::vector<std::string> tags;    ///< each must hold, see model::chosen
	std::string rerun_failed;         ///< a report: only what is not right in it
	bool list = false;                ///< print the names of the cases and run none
	unsigned cpus = 1; ///< of the lab
	std::string command; ///< as typed, for the "repeat" lines: everything but globs and outputs
};
int run(RunOptions options);

/// Two cases on a real kernel, one with an expectation that is wrong on purpose; 0 if that was red.
int demo(RunOptions options);

struct JudgeOptions {
	std::vector<std::string> recordings;
	std::string cases;
	std::string json;
	std::string known_failures;
	std::vector<std::string> reports; ///< KIND=PATH
};
int judge_recordings(const JudgeOptions &options);

struct ReportOptions {
	std::vector<std::string> files;
	std::vector<std::string> coverage; ///< what exit24 coverage has written, for a page
	std::string only; ///< a glob: of the cells with such a name
	std::string kind;
	std::string output = "-";
	std::string origin = "exit24";
	std::string tested_by;
};
/// Reports of earlier runs in another form; several are shown one after the other, or side by side.
int report_as(const ReportOptions &options);

int list_cases(const std::string &folder, const std::vector<std::string> &globs, const std::vector<std::string> &tags);
/// The tags that --tag takes, with how many cases have each.
int list_tags(const std::string &folder);
int show_case(const std::string &folder, const std::string &name, const std::string &linux_tree);
/// What a case or a rule is about, whom it hurts, what it rests on and which mutants break it; by name or glob.
int explain(const std::string &folder, const std::string &what);
/// Which cases cover which rule; 1 if a rule has neither a case nor a reason, or a case an unknown rule.
int matrix(const std::string &folder);
int cite(const std::string &doc, const std::string &linux_tree, const std::string &words);

struct CitesOptions {
	std::string linux_tree;
	std::string base; ///< an older tree: what it does not have either cannot have vanished
	std::string cases;
	bool strict = false;
};
/// Which sentences of the kernel's documents no case rests on, and which cited ones the tree does not have. With
/// `strict`, 1 if there are such.
int cites(const CitesOptions &options);

struct UapiOptions {
	std::string tree;
	std::string other;
	bool all = false; ///< print each fact that holds, too
};
/// Compares a kernel's user headers with the frozen numbers of abi/, and with another kernel's; 1 if a number has
/// changed, 3 without a compiler.
int uapi(const UapiOptions &options);

/// The page that says what the results of campaigns in a folder prove.
int evidence(const std::string &folder);

struct CoverageOptions {
	std::vector<std::string> globs;
	std::string linux_tree;
	std::string cases;
	std::string json;
	std::vector<std::string> modes;
	std::string qemu = "qemu-system-aarch64";
	unsigned jobs = 0;
	unsigned slot = 1; ///< of the tree's workspaces: what is built here differs in its configuration
	bool no_sandbox = false;
	std::string command; ///< as typed
};
/// Which lines of the kernel's PSCI code the cases reach.
int coverage(const CoverageOptions &options);

struct MutantsOptions {
	std::vector<std::string> globs;
	std::string linux_tree;
	std::string cases;
	std::string json;
	std::string mode = "nvhe";
	std::string qemu = "qemu-system-aarch64";
	unsigned jobs = 0;
	bool slow = false;      ///< a kernel for each mutant, not one with a switch for all
	bool generated = false; ///< the systematic mutants, not the written ones
	bool all_cases = false; ///< all cases for each mutant, not until one notices
	bool no_sandbox = false;
	std::string command; ///< as typed
};
/// Tries wrong kernels; 1 if one survives that could be noticed.
int mutants(const MutantsOptions &options);

/// What of the frozen numbers a kernel's user headers have got wrong, a sentence each.
Result<std::vector<std::string>> wrong_numbers(const std::string &tree);

struct ValidateOptions {
	std::vector<std::string> series;
	std::string tree;
	std::string base; ///< a commit of the tree; "" for what the series says, or HEAD
	std::vector<std::string> modes;
	std::vector<std::string> globs; ///< of cases
	std::string cases, known_failures, json, reports;
	std::string reply;     ///< a file for a mail that answers the series
	std::string tested_by; ///< who vouches for it in that mail, "Name <address>"; nobody without
	std::string qemu = "qemu-system-aarch64";
	bool whole = false; ///< only the base and the end
	bool sandbox = true;
	unsigned jobs = 0;
	unsigned build_limit = 3600; ///< seconds
};
/// Builds, boots and judges a kernel before and after each patch of a series; 1 if something got worse, 4 if a patch
/// does not apply or build.
int validate(const ValidateOptions &options);

struct B4CheckOptions {
	ValidateOptions validate; ///< without a series: b4 says which
	bool patch = false;       ///< answer for the one patch on standard input, not for the series
};
/// validate as a check of `b4 review`: a mail on standard input, JSON on standard output.
int b4_check(B4CheckOptions options);

struct DiffOptions {
	std::string a, b;
};
/// Compares two reports; 1 if the second is worse.
int diff(const DiffOptions &options);

struct ReproOptions {
	std::string name;   ///< of one case
	std::string folder; ///< "" for one named like the case
	std::string cases;
	std::string mode = "nvhe";
};
/// Writes a folder with all that it takes to run a case without exit24.
int repro(const ReproOptions &options);

struct DoctorOptions {
	bool json = false;
};
/// What this host can run, by running one SYSTEM_OFF in each way that there is; 3 if no way works.
int doctor(const DoctorOptions &options);

/// An argument as a shell takes it.
std::string quote(const std::string &word);

/// Prints "exit24: what" to standard error; the status given.
int fail(int status, const std::string &what);

} // namespace exit24::cli
