// SPDX-License-Identifier: GPL-2.0-only
#include "machine/tail.hpp"

#include "machine/scratch.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace exit24::machine {
namespace {

TEST(FileTail, FollowsAFileThatSomebodyElseWrites)
{
	auto scratch = Scratch::create();
	ASSERT_TRUE(scratch) << scratch.error().what;
	const std::string path = scratch->path("console");
	FileTail tail(path);
	EXPECT_EQ(tail.more(), "") << "it is not there yet";

	std::ofstream writer(path);
	EXPECT_EQ(tail.more(), "");
	writer << "one\nhal" << std::flush;
	EXPECT_EQ(tail.more(), "one\nhal");
	EXPECT_EQ(tail.more(), "");
	writer << "f\n" << std::string(200000, 'x') << std::flush;
	EXPECT_EQ(tail.more(), "f\n" + std::string(200000, 'x'));
	EXPECT_EQ(tail.more(), "");
}

TEST(LastLines, ShortTextIsWhole)
{
	EXPECT_EQ(last_lines("", 10), "");
	EXPECT_EQ(last_lines("a\nb\n", 4), "a\nb\n");
}

TEST(LastLines, BeginsWithAWholeLine)
{
	const std::string text = "first\nsecond\nthird\n";
	for (std::size_t bytes = 7; bytes < text.size(); bytes++) {
		const std::string last = last_lines(text, bytes);
		EXPECT_LE(last.size(), bytes);
		EXPECT_TRUE(last == "third\n" || last == "second\nthird\n")
			<< bytes << ": " << last;
	}
	EXPECT_EQ(last_lines(text + "half", 9), "half");
}

TEST(LastLines, OneLineThatIsTooLongIsCut)
{
	EXPECT_EQ(last_lines("0123456789", 4), "6789");
}

TEST(LastLines, LongLineWithAnEndIsCutToo)
{
	EXPECT_NE(last_lines("0123456789\n", 4), "");
}

} // namespace
} // namespace exit24::machine
