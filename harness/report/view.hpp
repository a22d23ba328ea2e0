// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"
#include "model/reader.hpp"
#include "report/coverage.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A report (reports/report.schema.json) as people and programs look at it. What a report says comes from kernels
/// and their consoles, so it may be hostile: all texts in here are valid UTF-8 without control characters but for
/// line ends and tabs, and what is missing or of another type is left empty.
namespace exit24::report {

using model::Json;

struct SeenLine {
	std::string what, want, got; ///< of the table of differences
};

struct SeenStep {
	std::uint64_t step = 0, round = 0, error = 0;
	std::int64_t rc = 0;
	std::string op;
	std::string page;  ///< kvm_run as runs; "" where it was not looked at
	std::string facts; ///< registers, MP states, reports and the like, for a person
};

/// What a case came to: all but its times, and so the same in many cells.
struct SeenCase {
	std::string name, title, verdict, reason, catches, hurts;
	bool characterised = false;
	std::vector<std::string> rules;
	std::optional<std::uint64_t> step;
	std::vector<SeenLine> differences;
	std::string known; ///< why a failure is known
	std::vector<std::string> spec; ///< document, section and hash of each sentence cited
	std::vector<std::string> guests;
	bool ran = false;
	std::vector<SeenStep> steps;
	bool steps_left_out = false; ///< as a pass that is one more of very many ways to pass
	std::string diagnosis; ///< of a hang, lines
	std::vector<std::string> kernel_log;
	std::string seen; ///< a hash of all that was observed but times, and registers where a signal came at its own time: two that saw the same have the same
};

/// A case in one cell. Cells in which it came to the same share what they say of it.
struct SeenRun {
	std::shared_ptr<const SeenCase> what;
	std::uint64_t ns = 0, boot = 0;

	operator const SeenCase &() const { return *what; }
	const SeenCase *operator->() const { return what.get(); }
};

struct SeenBoot {
	std::string end, reason, console, registers;
};

struct SeenCell {
	std::string id, kernel, mode, repeat;
	std::string skip;        ///< why the whole of it was skipped
	std::string place;       ///< "emulated, cpu cortex-a57"
	std::string environment; ///< "QEMU 7.2, emulated cpu cortex-a57 (not hardware)", for a person
	std::string image_file;  ///< of the kernel, as it was named
	std::string image;       ///< SHA-256 of the kernel image, or ""
	bool emulated = false;
	std::uint64_t wall_ms = 0;
	std::vector<SeenBoot> boots;
	std::vector<SeenRun> cases;
};

struct SeenGuest {
	std::string name, sha256, listing;
};

struct SeenRule {
	std::string says;
	std::string uncovered; ///< why no case checks it
};

/// One report, or several one after the other.
struct View {
	std::string version; ///< of the program that made the first
	std::string digest;  ///< SHA-256 of the reports' files, one after the other
	int exit_status = 3;
	std::vector<SeenCell> cells;
	std::vector<SeenGuest> guests;
	std::map<std::string, SeenRule> rules; ///< by id; empty if the report does not say
	std::vector<SeenCoverage> coverage;    ///< what exit24 coverage has measured, beside the reports
};

/// What a verdict means, for a word that is not known too.
enum class Grade {
	good,    ///< pass
	look,    ///< review, known-fail, fixed: shown, and never red
	skipped, ///< skip
	bad,     ///< fail, hang, crash: the kernel is wrong
	broken,  ///< error, and whatever else: the kernel was not judged
};
Grade grade(const std::string &verdict);

/// An Error in one sentence for a file that is cut short, or is no report of exit24.
Result<Json> read_report(const std::string &file, std::string_view text);

/// The same of several reports; a cell of the same name as an earlier one gets a number.
View view(const std::vector<Json> &reports);

/// The same of files, which may have a thousand cells: no report is ever kept whole. With `only`, a glob, just the
/// cells with such a name, and the exit status is theirs.
Result<View> read_view(const std::vector<std::string> &files, const std::string &only = "");

/// "kernel 7.3.4 nvhe: 2 failed, 250 passed"
std::string tally(const SeenCell &cell);
std::string tally(const std::vector<const SeenCell *> &cells);
std::string tally(const View &view);

/// "the contract is kept": what the exit status says, for a heading.
std::string verdict_line(const View &view);

/// What is known of a case that did not pass, in lines without line ends: "reason: ...", "type: want ..., got ...",
/// "repeat: exit24 run ...".
std::vector<std::string> details(const SeenCell &cell, const SeenCase &c);

/// The command that repeats a case.
std::string repeat(const SeenCell &cell, const SeenCase &c);

/// Valid UTF-8 without control characters (those of terminals, of bidirectional text, or that XML forbids) but
/// '\n' and '\t'; each other one becomes U+FFFD.
std::string clean(std::string_view text);

/// The same in one line and at most `most` bytes long.
std::string one_line(std::string_view text, std::size_t most = 2000);

/// The same in ASCII, other characters as '?'.
std::string ascii(std::string_view text, std::size_t most = 2000);

} // namespace exit24::report
