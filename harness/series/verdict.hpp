// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "report/compare.hpp"
#include "report/report.hpp"
#include "series/build.hpp"
#include "series/diff.hpp"
#include "series/mail.hpp"

#include <string>
#include <vector>

/// What has been found out about the kernels of a series, and what it comes to. Nothing here looks at a file, a
/// clock or a process.
namespace exit24::series {

/// The kernel before all patches, or after one of them.
struct State {
	std::string name; ///< "base", "patch 1/2"
	std::string subject;
	enum { good, does_not_apply, does_not_build, does_not_boot, unjudged } what = good;
	std::string why;                  ///< one sentence, if it is not good
	std::vector<std::string> console; ///< the last lines of one that does not boot
	std::vector<FileChange> files;
	Built built;
	std::vector<report::Cell> cells;
	model::Json report;
	report::Comparison comparison; ///< with the last good one before
	bool same_image = false;       ///< as that one's
	std::vector<std::string> header_broken, header_mended, sentences_gone, sentences_new;
	bool recorded = false; ///< all of its cells come from the cache
	double boot_seconds = 0;
};

/// What the states were made of.
struct Circumstances {
	const Series *series = nullptr;
	std::string tree, commit, compiler, qemu;
	bool whole = false;    ///< only the base and the end were looked at
	std::string tested_by; ///< who vouches for it, "Name <address>"; nobody without
	double seconds = 0;    ///< all of it
};

/// What a series comes to: the difference between its end and its base, not the absolute result.
struct Verdict {
	std::string words;                       ///< "the series mends 4 cases and breaks none"
	report::Comparison whole;                ///< of the end with the base, if there is an end that was judged
	std::vector<std::string> not_bisectable; ///< what stands in the way of git bisect
	int status = 0;                          ///< 0, 1 something got worse, 3 not judged, 4 does not apply or build
};

/// The states are the base and at least one more, in their order.
Verdict conclude(const std::vector<State> &states);

/// Why a kernel never got as far as the agent in one of its modes, with its last words; "" if it did.
std::string why_no_boot(const std::vector<report::Cell> &cells, std::vector<std::string> &console, bool &machine_failed);

/// What a person reads about a state below its name, in lines of at most `width` columns.
std::string describe(const State &state, std::size_t width);
/// And about the whole, below the verdict's words.
std::string describe(const Verdict &verdict, const std::vector<State> &states, double seconds, std::size_t width);

/// reports/validation.schema.json.
model::Json to_json(const std::vector<State> &states, const Verdict &verdict, const Circumstances &about);

/// A mail for the list: 72 columns of plain ASCII, and nothing in it that is not known.
std::string reply(const std::vector<State> &states, const Verdict &verdict, const Circumstances &about);

/// One result of a check, as `b4 review` reads them: of the series, or of its last state alone.
model::Json b4_result(const std::vector<State> &states, const Verdict &verdict, const Circumstances &about, bool last_only);

/// How long it will be until all is done: as long as for those before. `times` are the seconds that each patch has
/// taken so far, or did the last time; `spent` those of the one at hand. 0 if nobody can know.
double seconds_left(const std::vector<double> &times, std::size_t left, double spent);

} // namespace exit24::series
