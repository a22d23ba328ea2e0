// SPDX-License-Identifier: GPL-2.0-only
#include "judge/known.hpp"

#include <gtest/gtest.h>

namespace exit24::judge {
namespace {

/// One boot of 7.3.4 in which a case has run.
struct Known : testing::Test {
	Known()
	{
		c.name = "a/case";
		model::Hello target;
		target.release = "7.3.4";
		recording.boots.emplace_back().hello = target;
		recording.cases[c.name].boot = 0;
		entry.name = c.name;
		entry.verdict = "hang";
		entry.release = "7.3.*";
		entry.reason = "why";
		entry.link = "where";
	}

	Verdict told(Status status) const
	{
		const Verdict verdict{status, status == Status::pass ? "" : "seen", 0, {}};
		return with_known(verdict, c, recording, {entry});
	}

	model::Case c;
	model::Recording recording;
	model::KnownFailure entry;
};

TEST_F(Known, FailureOfTheListIsKnown)
{
	for (const Status status : {Status::fail, Status::hang, Status::crash}) {
		entry.verdict = name(status);
		const Verdict v = told(status);
		EXPECT_EQ(v.status, Status::known_fail);
		EXPECT_EQ(v.reason, "seen") << "what was seen stays";
		EXPECT_EQ(v.step, 0u);
		ASSERT_TRUE(v.known);
		EXPECT_EQ(v.known->verdict, entry.verdict);
		EXPECT_EQ(v.known->reason, "why");
		EXPECT_EQ(v.known->link, "where");
		EXPECT_FALSE(is_failure(v.status));
	}
}

TEST_F(Known, AnotherFailureStaysOne)
{
	for (const Status status : {Status::fail, Status::crash}) {
		const Verdict v = told(status);
		EXPECT_EQ(v.status, status);
		EXPECT_FALSE(v.known);
	}
}

TEST_F(Known, PassOfTheListIsFixed)
{
	const Verdict v = told(Status::pass);
	EXPECT_EQ(v.status, Status::fixed);
	EXPECT_NE(v.reason.find("take it off the list"), std::string::npos) << v.reason;
	EXPECT_TRUE(v.known);
}

TEST_F(Known, WhatIsNoFailureStays)
{
	for (const Status status : {Status::review, Status::skip, Status::error})
		EXPECT_EQ(told(status).status, status);
}

TEST_F(Known, OtherCasesAndKernelsAreNotConcerned)
{
	entry.name = "another/case";
	EXPECT_EQ(told(Status::hang).status, Status::hang);
	entry.name = c.name;
	entry.release = "6.*";
	EXPECT_EQ(told(Status::hang).status, Status::hang);
	EXPECT_EQ(told(Status::pass).status, Status::pass);
}

TEST_F(Known, WithoutATargetNothingIsKnown)
{
	recording.boots[0].hello.reset();
	EXPECT_EQ(told(Status::hang).status, Status::hang);
	recording.cases.clear();
	EXPECT_EQ(told(Status::crash).status, Status::crash);
}

TEST_F(Known, FirstEntryThatFitsCounts)
{
	model::KnownFailure second = entry;
	entry.verdict = "crash";
	second.reason = "the second";
	const Verdict v = with_known({Status::hang, "seen", 0, {}}, c, recording, {entry, second});
	ASSERT_EQ(v.status, Status::known_fail);
	EXPECT_EQ(v.known->reason, "the second");
}

} // namespace
} // namespace exit24::judge
