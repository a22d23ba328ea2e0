// SPDX-License-Identifier: GPL-2.0-only
#include "series/diff.hpp"

#include <gtest/gtest.h>

using exit24::series::parse_diff;
using exit24::series::path_trouble;
using exit24::series::without_context;

namespace {

const std::string good = "diff --git a/kvm/psci.c b/kvm/psci.c\n"
			 "--- a/kvm/psci.c\n"
			 "+++ b/kvm/psci.c\n"
			 "@@ -1,3 +1,4 @@\n"
			 " one\n"
			 "-two\n"
			 "+2\n"
			 "++++ not a header\n"
			 " three\n";

TEST(Diff, NamesFilesAndCountsLines)
{
	const auto files = parse_diff("x", good);
	ASSERT_TRUE(files) << files.error().what;
	ASSERT_EQ(files->size(), 1u);
	EXPECT_EQ(files->front().path, "kvm/psci.c");
	EXPECT_EQ(files->front().plus, 2u);
	EXPECT_EQ(files->front().minus, 1u);
	EXPECT_FALSE(files->front().added || files->front().deleted);
}

TEST(Diff, PlainDiffsAndCrlfAreRead)
{
	const auto files = parse_diff("x", "--- linux.orig/a.c\t2026-01-01\r\n+++ linux/a.c\t2026-01-02\r\n@@ -1 +1 @@\r\n-a\r\n+b\r\n");
	ASSERT_TRUE(files) << files.error().what;
	EXPECT_EQ(files->front().path, "a.c");
}

TEST(Diff, SeesNewDeletedAndRenamedFiles)
{
	const auto files = parse_diff("x", "diff --git a/old b/new\nsimilarity index 100%\nrename from old\nrename to new\n"
					   "diff --git a/b b/b\nnew file mode 100644\n--- /dev/null\n+++ b/b\n@@ -0,0 +1 @@\n+x\n"
					   "diff --git a/c b/c\ndeleted file mode 100644\n--- a/c\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n");
	ASSERT_TRUE(files) << files.error().what;
	ASSERT_EQ(files->size(), 3u);
	EXPECT_EQ((*files)[0].path, "new");
	EXPECT_EQ((*files)[0].old_path, "old");
	EXPECT_TRUE((*files)[1].added);
	EXPECT_TRUE((*files)[2].deleted);
	EXPECT_EQ((*files)[2].path, "c");
}

TEST(Diff, WordsAroundADiffAreNoChange)
{
	const auto files = parse_diff("x", "Subject: x\n\n+++ plus\n--- \n\n" + good + "-- \n2.39\n");
	ASSERT_TRUE(files) << files.error().what;
	EXPECT_EQ(files->back().path, "kvm/psci.c");
	EXPECT_TRUE(parse_diff("x", "no diff at all\n")->empty());
}

struct Bad {
	const char *name, *text, *says;
};
class BadDiff : public testing::TestWithParam<Bad> {};

TEST_P(BadDiff, IsRefusedInWords)
{
	const auto files = parse_diff("my.patch", GetParam().text);
	ASSERT_FALSE(files);
	EXPECT_NE(files.error().what.find(GetParam().says), std::string::npos) << files.error().what;
	EXPECT_NE(files.error().what.find("my.patch"), std::string::npos) << files.error().what;
}

INSTANTIATE_TEST_SUITE_P(
	All, BadDiff,
	testing::Values(
		Bad{"dots", "--- a/../../etc/x\n+++ b/../../etc/x\n@@ -1 +1 @@\n-a\n+b\n", "leaves the kernel tree"},
		Bad{"dots_in_git_header", "diff --git a/../x b/../x\nnew file mode 100644\n", "leaves the kernel tree"},
		Bad{"git_folder", "--- /dev/null\n+++ b/.git/hooks/post-checkout\n@@ -0,0 +1 @@\n+x\n", ".git folder"},
		Bad{"rename_outside", "diff --git a/x b/y\nrename from x\nrename to ../y\n", "leaves the kernel tree"},
		Bad{"absolute", "--- /etc/passwd\n+++ /etc/passwd\n@@ -1 +1 @@\n-a\n+b\n", "absolute path"},
		Bad{"link", "diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc\n", "symbolic link"},
		Bad{"becomes_link", "diff --git a/l b/l\nold mode 100644\nnew mode 120000\n", "symbolic link"},
		Bad{"submodule", "diff --git a/l b/l\nnew file mode 160000\n", "submodule"},
		Bad{"binary", "diff --git a/l b/l\nindex 1..2\nGIT binary patch\nliteral 3\n", "binary patch of l"},
		Bad{"binary_words", "diff --git a/l b/l\nBinary files a/l and b/l differ\n", "binary patch of l"},
		Bad{"torn", "--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\n-b\n", "cut short"},
		Bad{"wrapped", "--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\nwrapped line\n-b\n+c\n d\n", "wrapped"}),
	[](const auto &row) { return std::string(row.param.name); });

TEST(Diff, PathsOfTheTreeAreFine)
{
	EXPECT_EQ(path_trouble("arch/arm64/kvm/psci.c"), "");
	EXPECT_EQ(path_trouble(".gitignore"), "");
	EXPECT_EQ(path_trouble("a/..b/c..d"), "");
	EXPECT_NE(path_trouble("a//b"), "");
	EXPECT_NE(path_trouble("a/"), "");
	EXPECT_NE(path_trouble("a\nb"), "");
}

TEST(Diff, KnowsChangesWithoutContext)
{
	EXPECT_FALSE(without_context(good));
	EXPECT_TRUE(without_context("--- a/x\n+++ b/x\n@@ -3 +3 @@\n-a\n+b\n"));
	EXPECT_FALSE(without_context("--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+b\n"));
}

} // namespace
