// SPDX-License-Identifier: GPL-2.0-only
#include "series/verdict.hpp"

#include "base/file.hpp"

#include <gtest/gtest.h>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

using namespace exit24;
using namespace exit24::series;
using model::Json;

namespace {

using Words = std::vector<std::string>;
using Row = std::pair<const char *, const char *>; ///< a case and its verdict

Json report_of(std::initializer_list<Row> rows)
{
	Json cases = Json::array();
	for (const auto &[name, verdict] : rows)
		cases.push_back({{"case", name}, {"title", "it does"}, {"rules", {"SE-OFF-01"}}, {"verdict", verdict}});
	return {{"report", 1}, {"cells", {{{"kernel", "7.3"}, {"mode", "nvhe"}, {"cases", cases}}}}};
}

/// Adds a state whose cases have these verdicts.
void judged(std::vector<State> &states, std::initializer_list<Row> rows)
{
	State state;
	state.name = states.empty() ? "base" : "patch " + std::to_string(states.size());
	state.subject = "KVM: do it";
	state.built.ok = true;
	state.report = report_of(rows);
	const State *before = nullptr;
	for (const State &s : states)
		if (s.what == State::good)
			before = &s;
	if (before)
		state.comparison = report::compare(before->report, state.report);
	states.push_back(std::move(state));
}

void bad(std::vector<State> &states, decltype(State::what) what, const std::string &why)
{
	State state;
	state.name = "patch " + std::to_string(states.size());
	state.subject = "KVM: do it";
	state.what = what;
	state.why = why;
	states.push_back(std::move(state));
}

const Series &series()
{
	static const Series s = [] {
		Series one;
		one.title = "KVM: do it";
		one.subject = "[PATCH] KVM: do it";
		one.to = "A <a@example.org>";
		one.message_id = "<1@example.org>";
		return one;
	}();
	return s;
}

Circumstances about(const std::string &tested_by = "")
{
	return {.series = &series(), .tree = "linux", .commit = "", .compiler = "gcc 12", .qemu = "QEMU 7.2", .whole = false, .tested_by = tested_by, .seconds = 5};
}

std::string b4_status(const std::vector<State> &states, bool last_only = false)
{
	return b4_result(states, conclude(states), about(), last_only)["status"];
}

using PlainJson = nlohmann::json; // valijson does not take the ordered one

PlainJson schema_text()
{
	const auto text = read_file(SOURCE_ROOT "/reports/validation.schema.json");
	EXPECT_TRUE(text) << text.error().what;
	return text ? PlainJson::parse(*text) : PlainJson();
}

/// What the schema finds wrong with these states as JSON; "" if nothing.
std::string invalid(const PlainJson &document)
{
	const PlainJson text = schema_text();
	valijson::Schema schema;
	valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(text), schema);
	valijson::Validator validator;
	valijson::ValidationResults results;
	if (validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(document), &results))
		return "";
	std::string out = "invalid\n";
	for (valijson::ValidationResults::Error error; results.popError(error);) {
		for (const std::string &part : error.context)
			out += part;
		out += ": " + error.description + "\n";
	}
	return out;
}

PlainJson json_of(const std::vector<State> &states)
{
	return PlainJson::parse(to_json(states, conclude(states), about()).dump());
}

TEST(Validation, IsAsTheSchemaSays)
{
	std::vector<State> states;
	judged(states, {{"a/1", "pass"}, {"a/2", "fail"}, {"a/3", "pass"}, {"a/4", "skip"}, {"a/5", "pass"}, {"a/6", "fail"}, {"a/7", "pass"}, {"a/8", "pass"}});
	judged(states, {{"a/1", "hang"}, {"a/2", "pass"}, {"a/3", "skip"}, {"a/4", "pass"}, {"a/5", "review"}, {"a/6", "fail"}, {"a/7", "error"}});
	states[1].files = {{"x.c", "", false, false, 1, 1}};
	states[1].built.image_sha256 = std::string(64, 'a');
	states[1].header_broken = states[1].sentences_gone = {"x"};
	EXPECT_EQ(invalid(json_of(states)), "");
	bad(states, State::does_not_build, "x.c:1:1: no");
	EXPECT_EQ(invalid(json_of(states)), "");
	bad(states, State::does_not_boot, "nvhe: panic");
	EXPECT_EQ(invalid(json_of(states)), "");

	PlainJson other = json_of(states);
	other["more"] = 1;
	EXPECT_NE(invalid(other), "") << "the schema takes anything";
	other = json_of(states);
	other["states"][1]["changes"][0]["kind"] = "odd";
	EXPECT_NE(invalid(other), "");
	// Each kind there is has its place in the schema.
	std::vector<std::string> kinds;
	for (int kind = report::Change::newly_failing; kind <= report::Change::gone; kind++)
		kinds.emplace_back(report::name(static_cast<report::Change::Kind>(kind)));
	EXPECT_EQ(schema_text()["definitions"]["change"]["properties"]["kind"]["enum"], PlainJson(kinds));
}

TEST(Verdict, IsTheDifferenceToTheBase)
{
	std::vector<State> states;
	judged(states, {{"a/bad", "fail"}, {"a/good", "pass"}});
	judged(states, {{"a/bad", "fail"}, {"a/good", "pass"}});
	EXPECT_EQ(conclude(states).words, "the series breaks nothing");
	EXPECT_EQ(conclude(states).status, 0);
	EXPECT_EQ(b4_status(states), "pass");
	judged(states, {{"a/bad", "pass"}, {"a/good", "pass"}});
	EXPECT_EQ(conclude(states).words, "the series mends 1 case and breaks none");
	judged(states, {{"a/bad", "pass"}, {"a/good", "hang"}});
	EXPECT_EQ(conclude(states).words, "the series makes a case worse");
	EXPECT_EQ(conclude(states).status, 1);
	EXPECT_EQ(b4_status(states), "fail");
	EXPECT_EQ(b4_status(states, true), "fail");
	EXPECT_EQ(b4_result(states, conclude(states), about(), true)["summary"], "newly failing: 1");
}

TEST(Verdict, SaysWhatBisectingWouldMeet)
{
	std::vector<State> states;
	judged(states, {{"a/x", "pass"}});
	judged(states, {{"a/x", "fail"}});
	bad(states, State::does_not_build, "psci.c:1:1: no");
	bad(states, State::does_not_boot, "nvhe: panic");
	judged(states, {{"a/x", "fail"}});
	judged(states, {{"a/x", "pass"}});
	const Verdict v = conclude(states);
	EXPECT_EQ(v.not_bisectable, (Words{"patch 2 does not build", "patch 3 does not boot", "a/x (nvhe) is broken by patch 1 and mended by patch 5"}));
	EXPECT_EQ(v.status, 4);
	EXPECT_EQ(v.words, "the series breaks nothing, but not every patch of it is good");
	EXPECT_NE(describe(v, states, 5, 200).find("not bisectable: patch 2 does not build"), std::string::npos);
	EXPECT_EQ(b4_status(states, true), "pass") << "the last patch itself breaks nothing";
}

TEST(Verdict, OfASeriesThatDoesNotApplyNothingWasJudged)
{
	State base;
	base.name = "base";
	base.what = State::unjudged;
	std::vector<State> states{base};
	bad(states, State::does_not_apply, "x.patch does not apply: it is in the tree already");
	const Verdict v = conclude(states);
	EXPECT_EQ(v.words, "the series does not apply");
	EXPECT_EQ(v.status, 4);
	EXPECT_EQ(b4_status(states), "fail");
	const std::string mail = reply(states, v, about());
	EXPECT_NE(mail.find("DOES NOT APPLY: x.patch does not apply"), std::string::npos);
	EXPECT_NE(mail.find("No case was judged."), std::string::npos);
}

TEST(Verdict, WhatCouldNotBeJudgedIsNoPass)
{
	std::vector<State> states;
	judged(states, {{"a/x", "pass"}, {"a/y", "pass"}});
	judged(states, {{"a/x", "pass"}, {"a/y", "error"}});
	EXPECT_EQ(conclude(states).status, 3);
	EXPECT_EQ(b4_status(states), "warn");
	judged(states, {{"a/x", "skip"}, {"a/y", "pass"}});
	EXPECT_EQ(b4_status(states, true), "warn") << "newly skipped";
}

TEST(Verdict, AWrongHeaderIsWorseAndAGoneSentenceIsWorthAWord)
{
	std::vector<State> states;
	judged(states, {{"a/x", "pass"}});
	judged(states, {{"a/x", "pass"}});
	states[1].sentences_gone = {"a/x"};
	EXPECT_EQ(conclude(states).status, 0);
	EXPECT_EQ(b4_status(states), "warn");
	states[1].header_broken = {"KVM_EXIT_SYSTEM_EVENT is 25"};
	EXPECT_EQ(conclude(states).status, 1);
	EXPECT_EQ(b4_status(states), "fail");
	EXPECT_EQ(b4_result(states, conclude(states), about(), true)["summary"], "KVM_EXIT_SYSTEM_EVENT is 25");
}

TEST(Verdict, TheSameKernelIsNoChange)
{
	std::vector<State> states;
	judged(states, {{"a/x", "pass"}});
	judged(states, {{"a/x", "pass"}});
	states[1].same_image = true;
	EXPECT_EQ(conclude(states).words, "the series changes no behaviour: every kernel is the same byte for byte");
	EXPECT_NE(describe(states[1], 80).find("nothing changed, the kernel is the same byte for byte"), std::string::npos);
}

TEST(Verdict, ARepliesLinesAreShortAndItVouchesOnlyForWhomItIsTold)
{
	std::vector<State> states;
	judged(states, {{"a/x", "pass"}});
	judged(states, {{"a/x", "pass"}});
	states[1].subject = std::string(200, 'x') + "\033[31m \xc3\xa4";
	std::string mail = reply(states, conclude(states), about());
	EXPECT_EQ(mail.find("Subject: Re: [PATCH] KVM: do it\nTo: A <a@example.org>\nIn-Reply-To: <1@example.org>\nReferences: <1@example.org>\n\n"), 0u);
	EXPECT_EQ(mail.find("Tested-by"), std::string::npos);
	EXPECT_EQ(mail.find('\033'), std::string::npos);
	EXPECT_NE(reply(states, conclude(states), about("B <b@example.org>")).find("\nTested-by: B <b@example.org>\n"), std::string::npos);
}

TEST(Verdict, TimeLeftIsThatOfThePatchesBefore)
{
	EXPECT_EQ(seconds_left({}, 3, 1), 0);
	EXPECT_EQ(seconds_left({10}, 3, 4), 26);
	EXPECT_EQ(seconds_left({10, 20}, 2, 0), 30);
	EXPECT_EQ(seconds_left({10}, 1, 60), 1) << "never nothing, never less";
}

} // namespace
