// SPDX-License-Identifier: GPL-2.0-only
#include "model/plan.hpp"

#include "guests/include/contract.h"
#include "model/reader.hpp"

#include <gtest/gtest.h>

#include <string>

namespace exit24::model {
namespace {

constexpr char text[] =
	R"({ "title": "It stops", "status": "required", "rules": ["SE-OFF-01"], "catches": "é",
	"spec": [{ "doc": "a.rst", "section": "s", "sentence": "sha256:0123456789ab" }],
	"vcpus": [{ "guest": "off", "entry": "after_call",
		    "regs": { "x0": "0xffffffffffffffff" } }],
	"steps": [{ "run": 0, "expect": { "exit": "KVM_EXIT_SYSTEM_EVENT",
		"type": "KVM_SYSTEM_EVENT_SHUTDOWN",
		"ndata": 1, "data": ["0x0"], "regs": { "pc": "after_call" } } }] })";

const Guests guests = {
	{"off",
	 {.code = {0xd4, 0, 0, 2, 0, 0, 0, 0}, .labels = {{"_start", 0}, {"after_call", 4}}}},
	{"probe",
	 {.code = std::vector<std::uint8_t>(EXIT24_PAYLOAD_MAX, 0xff), .labels = {{"smc", 16}}}},
};

CaseText named(const std::string &name)
{
	return {*parse_case(name, name + ".json", text), name + ".json", text};
}

Json plan()
{
	const CaseText c = named("system_off/stops");
	return Json::parse(write_plan({&c}, guests));
}

std::string refused(const Json &json)
{
	const auto r = read_plan(json.dump());
	return r ? "" : r.error().what;
}

TEST(Plan, ReadIsTheInverseOfWrite)
{
	const CaseText first = named("system_off/stops"), second = named("a/b");
	const auto back = read_plan(write_plan({&first, &second}, guests, {}, {"a/b"}));
	ASSERT_TRUE(back) << back.error().what;
	EXPECT_EQ(back->alone, std::set<std::string>{"a/b"});
	EXPECT_TRUE(back->wanted.endings.empty());
	const auto wants = read_plan(write_plan({&first}, guests, {"/sys", {".gcda"}, true}));
	ASSERT_TRUE(wants) << wants.error().what;
	EXPECT_EQ(wants->wanted.below, "/sys");
	EXPECT_EQ(wants->wanted.endings, std::vector<std::string>{".gcda"});
	EXPECT_TRUE(wants->wanted.each);
	ASSERT_EQ(back->cases.size(), 2u);
	EXPECT_EQ(back->cases[0].c.name, "system_off/stops")
		<< "the order is that of the command line";
	EXPECT_EQ(back->cases[1].c.name, "a/b");
	EXPECT_EQ(back->cases[0].c.vcpus[0].entry, "after_call");
	EXPECT_EQ(back->cases[0].c.vcpus[0].regs[0].value.number, 0xffffffffffffffffu);
	ASSERT_EQ(back->guests.size(), 2u);
	for (const auto &[name, guest] : guests) {
		EXPECT_EQ(back->guests.at(name).code, guest.code) << name;
		EXPECT_EQ(back->guests.at(name).labels, guest.labels) << name;
	}
}

TEST(Plan, CaseUnderSettingsTravelsOnce)
{
	CaseText plain = named("system_off/stops"), other = named("system_off/stops@7");
	other.set = {"/sys/module/kvm/parameters/x", "7"};
	other.parsed.deadline_ms = 70;
	const std::string written = write_plan({&plain, &other}, guests);
	EXPECT_EQ(written.find("\"vcpus\""), written.rfind("\"vcpus\""));
	const auto back = read_plan(written);
	ASSERT_TRUE(back) << back.error().what;
	ASSERT_EQ(back->cases.size(), 2u);
	EXPECT_FALSE(back->cases[0].set);
	EXPECT_EQ(back->cases[1].c.name, "system_off/stops@7");
	EXPECT_EQ(back->cases[1].c.vcpus[0].entry, "after_call");
	EXPECT_EQ(back->cases[1].set, other.set);
	EXPECT_EQ(back->cases[0].c.deadline_ms, plain.parsed.deadline_ms);
	EXPECT_EQ(back->cases[1].c.deadline_ms, 70u);
}

TEST(Plan, CaseLikeNoOtherIsRefused)
{
	Json json = plan();
	json["cases"][0].erase("case");
	json["cases"][0]["like"] = "system_off/none";
	EXPECT_NE(refused(json).find("at /cases/0/like: no case before it has the name"), std::string::npos);
	json = plan();
	json["cases"][0]["set"] = {{"file", "/x"}};
	EXPECT_NE(refused(json).find("at /cases/0/set: the key \"text\" is missing"), std::string::npos);
}

TEST(Plan, PlanWithoutCasesIsRead)
{
	const auto back = read_plan(write_plan({}, guests));
	ASSERT_TRUE(back) << back.error().what;
	EXPECT_TRUE(back->cases.empty());
}

TEST(Plan, WhatOnlyPeopleReadStaysBehind)
{
	const Json travels = plan()["cases"][0]["case"];
	for (const char *key : {"$schema", "title", "status", "rules", "catches", "hurts", "spec"})
		EXPECT_FALSE(travels.contains(key)) << key;
	EXPECT_EQ(travels["steps"], Json::parse(text)["steps"]);
	EXPECT_EQ(travels["vcpus"], Json::parse(text)["vcpus"]);
}

TEST(Plan, OtherVersionIsRefused)
{
	Json json = plan();
	json["plan"] = protocol + 1;
	EXPECT_NE(refused(json).find("another version"), std::string::npos) << refused(json);
}

TEST(Plan, BrokenPlansAreRefusedWithTheirPlace)
{
	const struct {
		const char *pointer;
		Json value;
		const char *words;
	} rows[] = {
		{"/extra", 1, "at /extra: unknown key"},
		{"/guests/off/extra", 1, "at /guests/off/extra: unknown key"},
		{"/guests/off/code", "zz", "at /guests/off: not a byte"},
		{"/guests/off/code", "00*4097", "at /guests/off: more than 4096 bytes"},
		{"/guests/off/labels/_start", -1,
		 "at /guests/off/labels/_start: must be a whole number"},
		{"/guests/off/labels/_start", 4097,
		 "at /guests/off/labels/_start: must be a whole number"},
		{"/guests", Json::array(), "at /guests: must be an object"},
		{"/cases", Json::object(), "at /cases: must be a list"},
		{"/cases/0/extra", 1, "at /cases/0/extra: unknown key"},
		{"/cases/0/case", Json::object(), "the key \"vcpus\" is missing"},
		{"/guests/off/labels", Json::object(),
		 "system_off/stops at /vcpus/0/entry: guest \"off\" has no label"},
		{"/plan", "1", "at /plan: must be a whole number"},
	};
	for (const auto &row : rows) {
		Json json = plan();
		json[Json::json_pointer(row.pointer)] = row.value;
		EXPECT_NE(refused(json).find(row.words), std::string::npos)
			<< row.pointer << " = " << row.value << ": " << refused(json);
	}
	EXPECT_FALSE(read_plan(""));
	EXPECT_FALSE(read_plan("[]"));
	EXPECT_FALSE(read_plan(write_plan({}, guests) + "x"));
}

TEST(Plan, GuestThatACaseNeedsMustTravelToo)
{
	const CaseText c = named("system_off/stops");
	const auto r = read_plan(write_plan({&c}, {{"probe", guests.at("probe")}}));
	ASSERT_FALSE(r);
	EXPECT_EQ(r.error().what, "system_off/stops at /vcpus/0/guest: there is no guest \"off\"");
}

} // namespace
} // namespace exit24::model
