// SPDX-License-Identifier: GPL-2.0-only
#include "series/mail.hpp"

#include "base/file.hpp"
#include "machine/scratch.hpp"
#include "series/diff.hpp"

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>

using namespace exit24;
using namespace exit24::series;
namespace fs = std::filesystem;

namespace {

const std::string diff = "diff --git a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n";

std::string mail(const std::string &subject, const std::string &body = diff)
{
	return "From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\nFrom: A Hacker <a@example.org>\n"
	       "Date: Mon, 1 Jan 2026 00:00:00 +0000\nSubject: " + subject + "\n\nWords.\n---\n x.c | 2 +-\n\n" + body + "-- \n2.39.5\n\n";
}

std::vector<std::string> subjects(const Series &series)
{
	std::vector<std::string> all;
	for (const Patch &patch : series.patches)
		all.push_back(patch.subject);
	return all;
}

using Names = std::vector<std::string>;

TEST(Mail, AnMboxIsPutInOrder)
{
	const auto s = parse_series("x.mbx", mail("[PATCH 2/2] second") + mail("[PATCH 0/2] the whole", "") + mail("[PATCH 1/2] first\n of two"));
	ASSERT_TRUE(s) << s.error().what;
	EXPECT_EQ(subjects(*s), (Names{"first of two", "second"}));
	EXPECT_EQ(s->title, "the whole");
	EXPECT_EQ(s->patches[0].name, "patch 1/2");
	EXPECT_EQ(s->patches[0].author, "A Hacker <a@example.org>");
	EXPECT_EQ(parse_diff("x", s->patches[1].text)->size(), 1u);
	EXPECT_TRUE(s->notes.empty());
}

TEST(Mail, TheNewestVersionIsTakenAndRepliesAreNot)
{
	const auto s = parse_series("x.mbx", mail("[PATCH v2 1/1] old") + mail("[RFC PATCH v3 1/1] new") +
						     mail("Re: [PATCH v3 1/1] new", "> +b\n") + mail("lunch?", ""));
	ASSERT_TRUE(s) << s.error().what;
	EXPECT_EQ(subjects(*s), Names{"new"});
	EXPECT_EQ(s->notes, (Names{"x.mbx holds v2 and v3; v3 is taken", "2 mails of x.mbx are no patches and were left out"}));
}

TEST(Mail, WhatIsMissingIsSaid)
{
	const auto says = [](const std::string &text) {
		const auto s = parse_series("x.mbx", text);
		return s ? "fine" : s.error().what;
	};
	EXPECT_EQ(says(mail("[PATCH 1/3] a") + mail("[PATCH 3/3] c")), "x.mbx does not hold all of the series: 2/3 is missing");
	EXPECT_EQ(says(mail("[PATCH 0/2] cover", "")), "x.mbx holds a cover letter and no patch; give it the whole thread");
	EXPECT_EQ(says(mail("[PATCH 1/2] a") + mail("[PATCH 1/2] b")),
		  "x.mbx holds two patches 1/2: \"a\" and \"b\"; give it one series");
	EXPECT_EQ(says(mail("[PATCH 1/1] a", "no diff\n")), "x.mbx: patch 1/1 has no change in it");
	EXPECT_EQ(says(""), "x.mbx is empty");
	EXPECT_EQ(says(" \n\n"), "x.mbx is empty");
	EXPECT_EQ(says("hello\n"), "x.mbx holds no patch: neither a mail with a change nor a diff");
	EXPECT_EQ(says(std::string("a\0b", 3)), "x.mbx is no text; give a mailbox, a patch or a diff");
	EXPECT_NE(says("From: a\nSubject: [PATCH] x\nContent-Type: multipart/mixed; boundary=x\n\n" + diff).find("several parts"), std::string::npos);
}

TEST(Mail, OnePatchOfASeriesIsTakenByItself)
{
	const auto s = parse_series("x", mail("[PATCH 2/5] b"));
	ASSERT_TRUE(s);
	EXPECT_EQ(s->part_of, 5u);
}

TEST(Mail, CrLfAndAMissingNewlineAreMended)
{
	std::string text = mail("[PATCH] a");
	for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2)
		text.insert(at, 1, '\r');
	const auto s = parse_series("x", text);
	ASSERT_TRUE(s) << s.error().what;
	EXPECT_EQ(s->patches[0].text.find('\r'), std::string::npos);
	EXPECT_EQ(s->notes, Names{"x has lines that end with CR LF, which were taken as LF"});
	const auto cut = parse_series("x.diff", diff.substr(0, diff.size() - 1));
	ASSERT_TRUE(cut);
	EXPECT_EQ(cut->patches[0].text, diff);
	EXPECT_EQ(cut->notes, Names{"x.diff has no newline at its end, which was added"});
}

TEST(Mail, EncodingsAreUndone)
{
	const auto q = parse_series("x", "Subject: =?utf-8?q?=5BPATCH=5D_gr=C3=BC=C3=9Fe?=\nFrom: =?UTF-8?B?SsO8cmdlbg==?= <j@example.org>\n"
					 "Content-Transfer-Encoding: quoted-printable\n\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a =3D 1;\n+a =\n=3D 2;\n");
	ASSERT_TRUE(q) << q.error().what;
	EXPECT_EQ(q->patches[0].subject, "gr\xc3\xbc\xc3\x9f" "e");
	EXPECT_EQ(q->patches[0].author, "J\xc3\xbcrgen <j@example.org>");
	EXPECT_NE(q->patches[0].text.find("-a = 1;\n+a = 2;\n"), std::string::npos);
	const auto b = parse_series("x", "Subject: a\nContent-Transfer-Encoding: base64\n\nLS0tIGEveAorKysgYi94CkBAIC0xICsxIEBACi1hCitiCg==\n");
	ASSERT_TRUE(b) << b.error().what;
	EXPECT_NE(b->patches[0].text.find("+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"), std::string::npos);
}

const std::string page = "[PATCH v2 1/2] KVM: Do a thing\n\nAda Lovelace ada at example.org\nThu Dec 12 11:12:26 EST 2013\n\n\n"
			 "Words about it.\n\nSigned-off-by: Ada Lovelace <ada at example.org>\n---\n x.c | 2 +-\n\n" +
			 diff + "-- \n1.7.9.5\n\n\n\n\nMore information about the a-list mailing list\n";

TEST(Mail, APageOfAnArchiveIsReadAndSaysThatItWasGuessed)
{
	const auto s = parse_series("page.txt", page);
	ASSERT_TRUE(s) << s.error().what;
	EXPECT_EQ(s->patches[0].subject, "KVM: Do a thing");
	EXPECT_EQ(s->patches[0].name, "patch 1/2");
	EXPECT_EQ(s->patches[0].author, "Ada Lovelace <ada@example.org>");
	EXPECT_EQ(parse_diff("x", s->patches[0].text)->size(), 1u);
	EXPECT_EQ(s->part_of, 2u);
	ASSERT_EQ(s->notes.size(), 1u);
	EXPECT_EQ(s->notes[0], "page.txt is no mail but the page of an archive: subject and author (Ada Lovelace "
			       "<ada@example.org>) are guessed from its first lines");
}

/// The mail that all of this began with, where somebody has put the archive's page beside the clone.
TEST(Mail, ThePageOf2013IsRead)
{
	const auto text = read_file(SOURCE_ROOT "/../shared/seed.txt");
	if (!text)
		GTEST_SKIP() << "there is no ../shared/seed.txt";
	const auto s = parse_series("seed.txt", *text);
	ASSERT_TRUE(s) << s.error().what;
	ASSERT_EQ(s->patches.size(), 1u);
	EXPECT_EQ(s->part_of, 2u);
	EXPECT_EQ(s->patches[0].name, "patch 1/2");
	EXPECT_NE(s->title.find("KVM_EXIT_SYSTEM_EVENT"), std::string::npos);
	EXPECT_EQ(s->title.find('['), std::string::npos);
	EXPECT_NE(s->patches[0].author.find('@'), std::string::npos);
	EXPECT_TRUE(std::any_of(s->notes.begin(), s->notes.end(),
				[](const std::string &n) { return n.find("are guessed from its first lines") != std::string::npos; }));
	const auto files = parse_diff("seed.txt", s->patches[0].text);
	ASSERT_TRUE(files) << files.error().what;
	ASSERT_EQ(files->size(), 2u);
	EXPECT_TRUE(is_document((*files)[0].path));
	EXPECT_EQ((*files)[1].path, "include/uapi/linux/kvm.h");
	EXPECT_TRUE(is_user_header((*files)[1].path));
	EXPECT_EQ((*files)[0].plus + (*files)[1].plus, 23u);
}

TEST(Mail, ADiffHasTheNameOfItsFile)
{
	const auto s = parse_series("dir/0001-fix-it.diff", diff);
	ASSERT_TRUE(s);
	EXPECT_EQ(s->title, "fix it");
	EXPECT_TRUE(s->notes.empty());
}

TEST(Mail, BaseCommitIsRemembered)
{
	const auto s = parse_series("x", mail("[PATCH] a", diff + "\nbase-commit: 1234567890123456789012345678901234567890\n"));
	ASSERT_TRUE(s);
	EXPECT_EQ(s->base_commit, "1234567890123456789012345678901234567890");
}

class Folder : public testing::Test {
protected:
	void put(const std::string &name, const std::string &content) { ASSERT_TRUE(write_file(scratch->path(name), content)); }
	Result<machine::Scratch> scratch = machine::Scratch::create();
};

TEST_F(Folder, IsReadInTheOrderOfItsNames)
{
	put("0002-b.patch", mail("[PATCH 2/2] b"));
	put("0001-a.patch", mail("[PATCH 1/2] a"));
	put("0003-c.cocci", "// Subject: [PATCH 3/2] c\n@@ @@\n- a\n");
	put("base.patch", diff);
	put("README", "words\n");
	const auto s = read_series({scratch->folder()}, "/");
	ASSERT_TRUE(s) << s.error().what;
	EXPECT_EQ(subjects(*s), (Names{"a", "b", "c"}));
	EXPECT_TRUE(s->patches[2].semantic);
	ASSERT_EQ(s->base.size(), 1u);
	EXPECT_EQ(s->base[0].name, "base.patch");
}

TEST_F(Folder, OrInTheOrderOfQuilt)
{
	put("z.patch", diff);
	put("a.patch", diff);
	put("unused.patch", diff);
	put("series", "# ours\nz.patch -p1\n\na.patch # later\n");
	const auto s = read_series({scratch->folder()}, "/");
	ASSERT_TRUE(s) << s.error().what;
	EXPECT_EQ(subjects(*s), (Names{"z", "a"}));
	put("series", "z.patch -p0\n");
	EXPECT_NE(read_series({scratch->folder()}, "/").error().what.find("only -p1"), std::string::npos);
	put("series", "gone.patch\n");
	EXPECT_NE(read_series({scratch->folder()}, "/").error().what.find("gone.patch"), std::string::npos);
}

TEST_F(Folder, OfSeveralVersionsTheNewestIsTaken)
{
	put("v2-0001-a.patch", mail("[PATCH v2 1/1] old"));
	put("v10-0000-cover-letter.patch", mail("[PATCH v10 0/1] the whole", ""));
	put("v10-0001-a.patch", mail("[PATCH v10 1/1] new"));
	const auto s = read_series({scratch->folder()}, "/");
	ASSERT_TRUE(s) << s.error().what;
	EXPECT_EQ(subjects(*s), Names{"new"});
	ASSERT_EQ(s->notes.size(), 1u);
	EXPECT_NE(s->notes[0].find("v10 is taken"), std::string::npos);
}

TEST_F(Folder, WithoutAPatchIsRefused)
{
	EXPECT_NE(read_series({scratch->folder()}, "/").error().what.find("holds no patch"), std::string::npos);
	EXPECT_NE(read_series({"no-such-file"}, "/").error().what.find("there is no file"), std::string::npos);
	EXPECT_NE(read_series({"a..b"}, scratch->folder()).error().what.find("no git tree"), std::string::npos);
}

} // namespace
