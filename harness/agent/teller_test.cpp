// SPDX-License-Identifier: GPL-2.0-only
#include "agent/teller.hpp"

#include <gtest/gtest.h>

#include <sys/mman.h>
#include <sys/wait.h>

namespace exit24::agent {
namespace {

class TellerTest : public testing::Test {
protected:
	TellerTest()
		: console_(::memfd_create("console", 0)), store_(::memfd_create("store", 0)),
		  teller_(UniqueFd(::dup(console_.get())), UniqueFd(::dup(store_.get())), {"s/a", "s/b-c", "s/d"})
	{
	}
	void record(const std::string &text)
	{
		ASSERT_EQ(::write(store_.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
	}
	std::string told()
	{
		std::string out(1 << 20, '\0');
		out.resize(static_cast<std::size_t>(::pread(console_.get(), out.data(), out.size(), 0)));
		return out;
	}

	UniqueFd console_, store_;
	Teller teller_;
};

TEST_F(TellerTest, TellsWhatIsRecordedAndNeverThatItPassed)
{
	ASSERT_TRUE(teller_.good());
	teller_.begin();
	record("{one}\n");
	EXPECT_EQ(told().find("{one}"), std::string::npos);
	teller_.ended("s/b-c", "");
	record(std::string(200000, 'x') + "\n");
	teller_.ended("s/a", "the disk # is\nfull");
	teller_.ended("s/d", "");
	teller_.finish("never");
	std::string out = told();
	out.erase(out.find("xxx"), 200000 - 3);
	EXPECT_EQ(out, "\nKTAP version 1\n1..3\n"
		       "{one}\n"
		       "ok 1 s/b-c # SKIP recorded, to be judged by exit24 import\n"
		       "xxx\n"
		       "not ok 2 s/a # ERROR the disk   is full\n"
		       "ok 3 s/d # SKIP recorded, to be judged by exit24 import\n"
		       "# exit24 is done: 2 of 3 recorded\n");
}

TEST_F(TellerTest, EachCaseHasALineAlthoughTheProcessDies)
{
	teller_.begin();
	const std::uint64_t before = teller_.progress();
	if (const pid_t child = ::fork(); child == 0) {
		teller_.ended("s/a", "");
		(void)!::write(store_.get(), "{half\n", 6);
		::_exit(1);
	} else {
		::waitpid(child, nullptr, 0);
	}
	EXPECT_NE(teller_.progress(), before);
	teller_.finish("the agent died");
	EXPECT_NE(told().find("ok 1 s/a # SKIP"), std::string::npos);
	EXPECT_NE(told().find("{half\nnot ok 2 s/b-c # ERROR the agent died\nnot ok 3 s/d # ERROR the agent died\n"
			      "# exit24 is done: 1 of 3 recorded\n"),
		  std::string::npos)
		<< told();
}

TEST_F(TellerTest, ALineThatIsBeingWrittenIsNotCut)
{
	record("{whole}\n{ha");
	teller_.ended("s/a", "");
	record("lf}\n{never");
	teller_.finish("the agent died");
	EXPECT_EQ(told().substr(0, 18), "{whole}\nok 1 s/a #");
	EXPECT_NE(told().find("\n{half}\nnot ok 2 s/b-c"), std::string::npos) << told();
	EXPECT_EQ(told().find("{never"), std::string::npos);
}

TEST_F(TellerTest, ACaseHasOneLineOnly)
{
	teller_.ended("s/a", "");
	teller_.ended("s/a", "again");
	teller_.ended("s/unknown", "");
	EXPECT_EQ(told(), "ok 1 s/a # SKIP recorded, to be judged by exit24 import\n");
}

} // namespace
} // namespace exit24::agent
