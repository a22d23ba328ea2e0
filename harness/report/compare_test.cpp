// SPDX-License-Identifier: GPL-2.0-only
#include "report/compare.hpp"

#include <gtest/gtest.h>

using namespace exit24::report;
using exit24::model::Json;

namespace {

struct Row {
	const char *name, *verdict, *reason;
	std::uint64_t ns = 1'000'000;
};

Json cell(const char *kernel, const char *mode, std::initializer_list<Row> rows)
{
	Json cases = Json::array();
	for (const Row &row : rows) {
		Json c = {{"case", row.name}, {"title", "it does"}, {"rules", {"SE-OFF-01"}}, {"verdict", row.verdict}, {"ns", row.ns}};
		if (*row.reason)
			c["reason"] = row.reason;
		cases.push_back(c);
	}
	return {{"kernel", kernel}, {"mode", mode}, {"cases", cases}};
}

Json report(std::initializer_list<Json> cells)
{
	Json list = Json::array();
	for (const Json &c : cells)
		list.push_back(c);
	return {{"report", 1}, {"cells", list}};
}

std::string kinds(const Comparison &comparison)
{
	std::string text;
	for (const Change &c : comparison.changes)
		text += std::string(name(c.kind)) + ": " + c.name + "\n";
	return text;
}

TEST(Compare, TellsTheKindsOfChangesApart)
{
	const Json a = report({cell("7.3", "nvhe", {{"a/passes", "pass", ""}, {"a/breaks", "pass", ""}, {"a/hangs", "pass", ""}, {"a/mended", "fail", "x"},
						    {"a/still", "fail", "x"}, {"a/otherwise", "fail", "x"}, {"a/skipped", "pass", ""}, {"a/ran", "skip", "lacks"},
						    {"a/review", "pass", ""}, {"a/error", "pass", ""}, {"a/gone", "pass", ""}, {"a/slow", "pass", ""}})});
	const Json b = report({cell("7.4", "nvhe", {{"a/passes", "pass", ""}, {"a/breaks", "fail", "x"}, {"a/hangs", "hang", "x"}, {"a/mended", "pass", ""},
						    {"a/still", "fail", "x"}, {"a/otherwise", "fail", "y"}, {"a/skipped", "skip", "lacks"}, {"a/ran", "pass", ""},
						    {"a/review", "review", "x"}, {"a/error", "error", "x"}, {"a/slow", "pass", "", 50'000'000}, {"a/new", "pass", ""}})});
	const Comparison c = compare(a, b);
	EXPECT_EQ(kinds(c), "newly failing: a/breaks\nnewly failing: a/hangs\nfails in another way: a/otherwise\nfixed: a/mended\n"
			    "newly skipped: a/skipped\nchanged, for review: a/review\nnot judged: a/error\n"
			    "same failure as before: a/still\nslower: a/slow\nnewly run, and good: a/ran\n"
			    "newly run, and good: a/new\nno longer run: a/gone\n");
	EXPECT_TRUE(c.worse());
	EXPECT_EQ(c.compared, 11u);
	EXPECT_FALSE(compare(a, a).worse());
	EXPECT_EQ(kinds(compare(report({cell("7.3", "nvhe", {{"a/passes", "pass", ""}})}), report({cell("7.3", "nvhe", {{"a/passes", "pass", ""}})}))), "");
}

TEST(Compare, PairsCellsByMode)
{
	const Json good = cell("7.3", "nvhe", {{"a/a", "pass", ""}}), bad = cell("7.3", "vhe", {{"a/a", "fail", "x"}});
	EXPECT_EQ(kinds(compare(report({good, bad}), report({bad, good}))), "same failure as before: a/a\n");
	// two kernels in one mode, and only these: what a person wants compared
	EXPECT_EQ(kinds(compare(report({good}), report({bad}))), "newly failing: a/a\n");
	// a mode that is new has nothing to be compared with
	const Comparison c = compare(report({good}), report({good, bad}));
	EXPECT_EQ(c.changes.size(), 1u);
	EXPECT_EQ(c.changes[0].before, "not run");
}

TEST(Compare, KnownFailuresAreNotHeldAgainstIt)
{
	const auto with = [](const char *verdict) { return report({cell("7.3", "nvhe", {{"a/a", verdict, "x"}})}); };
	EXPECT_EQ(kinds(compare(with("pass"), with("known-fail"))), "known failure: a/a\n");
	EXPECT_FALSE(compare(with("pass"), with("known-fail")).worse());
	EXPECT_TRUE(compare(with("known-fail"), with("hang")).worse()) << "it is known to fail, but not so";
	const Comparison c = compare(with("known-fail"), with("fixed"));
	EXPECT_EQ(kinds(c), "fixed: a/a\n");
	ASSERT_EQ(c.stale.size(), 1u);
	EXPECT_EQ(c.stale[0], "the known failure of a/a (nvhe) does not fail any more; take it off the list");
	EXPECT_EQ(kinds(compare(with("pass"), with("fixed"))), "");
}

TEST(Compare, SaysWhatASeenValueIs)
{
	Json a = report({cell("7.3", "nvhe", {{"a/a", "pass", ""}})}), b = report({cell("7.3", "nvhe", {{"a/a", "fail", "the event has the wrong type"}})});
	b["cells"][0]["cases"][0]["differences"] = {{{"what", "type"}, {"want", "RESET (2)"}, {"got", "SHUTDOWN (1)"}}};
	const std::string text = describe(compare(a, b), 80);
	EXPECT_EQ(text, "newly failing: 1\n  a/a (nvhe; SE-OFF-01)\n      was pass\n"
			"      now fail: the event has the wrong type (type is SHUTDOWN (1))\n");
}

TEST(Compare, OneCaseInTwoModesIsToldOnce)
{
	const auto both = [](const char *verdict) { return report({cell("7.3", "nvhe", {{"a/a", verdict, ""}}), cell("7.3", "vhe", {{"a/a", verdict, ""}})}); };
	EXPECT_EQ(describe(compare(both("fail"), both("pass")), 80), "fixed: 2\n  a/a (nvhe, vhe; SE-OFF-01)\n      was fail\n      now pass\n");
}

} // namespace
