// SPDX-License-Identifier: GPL-2.0-only
#include "series/tracking.hpp"

#include <gtest/gtest.h>

using namespace exit24::series;

namespace {

const std::string commit = "0123456789012345678901234567890123456789";

TEST(Tracking, SaysWhereTheSeriesIs)
{
	const auto t = parse_tracking("t", R"({"series": {"first-patch-commit": ")" + commit + R"(", "change-id": "20260101-x-1", "revision": 2},
		"patches": [{"header-info": {"msgid": "<a@x>"}}, {"header-info": {"msgid": "b@x"}}, {}]})");
	ASSERT_TRUE(t) << t.error().what;
	EXPECT_EQ(t->first, commit);
	EXPECT_EQ(t->branch, "refs/heads/b4/review/20260101-x-1");
	EXPECT_EQ(t->message_ids, (std::vector<std::string>{"a@x", "b@x", ""}));
}

TEST(Tracking, WhatIsMissingIsSaid)
{
	const auto says = [](const std::string &text) {
		const auto t = parse_tracking("t.json", text);
		return t ? "fine" : t.error().what;
	};
	EXPECT_EQ(says(""), "t.json is not b4's tracking data: it is no JSON object");
	EXPECT_EQ(says("[1]"), "t.json is not b4's tracking data: it is no JSON object");
	EXPECT_EQ(says("{}"), "t.json has no \"first-patch-commit\" of the series; check it out in b4 review first");
	EXPECT_EQ(says(R"({"series": {"first-patch-commit": ")" + commit + "\"}}"),
		  "t.json has no \"change-id\" of the series; check it out in b4 review first");
	EXPECT_EQ(says(R"({"series": {"first-patch-commit": 7, "change-id": "x"}})"),
		  "t.json has no \"first-patch-commit\" of the series; check it out in b4 review first");
	EXPECT_EQ(says(R"({"series": {"first-patch-commit": "--all", "change-id": "x"}})"),
		  "t.json: first-patch-commit is \"--all\", which is no full commit id");
}

TEST(Tracking, FindsTheMessageIdOfAMail)
{
	EXPECT_EQ(message_id("Subject: x\nMESSAGE-id:\n <a-b@x.org>\nFrom: y\n\nMessage-ID: <no@x>\n"), "a-b@x.org");
	EXPECT_EQ(message_id("Message-Id: <a@x>\r\n\r\n"), "a@x");
	EXPECT_EQ(message_id("From: y\n\nMessage-ID: <no@x>\n"), "");
	EXPECT_EQ(message_id(""), "");
}

} // namespace
