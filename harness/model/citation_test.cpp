// SPDX-License-Identifier: GPL-2.0-only
#include "model/citation.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace exit24::model {
namespace {

using Sentences = std::vector<std::string>;

Sentences text(std::string_view content)
{
	return sentences("Documentation/a.rst", content);
}

Sentences source(std::string_view content)
{
	return sentences("arch/arm64/a.c", content);
}

TEST(Citation, SentencesEndBeforeASpaceAndACapital)
{
	EXPECT_EQ(text("It stops. It starts! Does it? Yes."),
		  (Sentences{"It stops.", "It starts!", "Does it?", "Yes."}));
	EXPECT_EQ(text("See \"this\". \"That\" follows. `code` too. 'c' as well."),
		  (Sentences{"See \"this\".", "\"That\" follows.", "`code` too.", "'c' as well."}));
}

TEST(Citation, StopWithoutACapitalBehindItEndsNothing)
{
	EXPECT_EQ(text("In v3.16 it is 1.0 e.g. or i.e. so. more"),
		  (Sentences{"In v3.16 it is 1.0 e.g. or i.e. so. more"}));
	EXPECT_EQ(text("A ... b"), (Sentences{"A ... b"}));
	EXPECT_EQ(text("one.Two"), (Sentences{"one.Two"}));
}

TEST(Citation, AbbreviationBeforeANameDoesSplit)
{
	// No list of abbreviations: the definition is the same for everybody who computes a hash.
	EXPECT_EQ(text("Some, e.g. KVM, do."), (Sentences{"Some, e.g.", "KVM, do."}));
}

TEST(Citation, WhiteSpaceFoldsToOneSpace)
{
	const Sentences expected = {"One two three.", "Four."};
	EXPECT_EQ(text("One two three. Four."), expected);
	EXPECT_EQ(text("  One\ttwo\n  three.\n\tFour.  \n"), expected);
	EXPECT_EQ(text("One two\r\nthree.  Four.\r\n"), expected);
	EXPECT_EQ(text("One two\v\fthree.\nFour."), expected) << "without a newline at the end";
}

TEST(Citation, BlankLineEndsAParagraph)
{
	EXPECT_EQ(text("A title\n\nand then\n \t \nmore"),
		  (Sentences{"A title", "and then", "more"}));
	EXPECT_EQ(text("\n\n\n"), Sentences{});
	EXPECT_EQ(text(""), Sentences{});
}

TEST(Citation, ListMarksEndAParagraphAndAreDropped)
{
	EXPECT_EQ(text("These:\n- one\n  goes on\n* two\n1. three\n12. four"),
		  (Sentences{"These:", "one goes on", "two", "three", "four"}));
}

TEST(Citation, WhatOnlyLooksLikeAListMarkIsText)
{
	EXPECT_EQ(text("x\n-1 is\n*bold* is\n--option is\n3.16 is\n-"),
		  (Sentences{"x -1 is *bold* is --option is 3.16 is -"}));
}

TEST(Citation, OnlyCommentsOfSourceCount)
{
	EXPECT_EQ(
		source("int a; /* First one. Second\n * one. */\nb = c / d;\n// Third.\nint e;\n"),
		(Sentences{"First one.", "Second one.", "Third."}));
	for (const char *path : {"a.c", "include/uapi/linux/kvm.h", "head.S"})
		EXPECT_EQ(sentences(path, "text /* comment */"), (Sentences{"comment"})) << path;
	for (const char *path : {"a.rst", "a.txt", "a.cc", "a.s"})
		EXPECT_EQ(sentences(path, "text /* comment */"), (Sentences{"text /* comment */"}))
			<< path;
}

TEST(Citation, MarksOfACommentAreNotPartOfASentence)
{
	const Sentences expected = {"It says this and that."};
	EXPECT_EQ(source("/* It says this\n * and that. */"), expected);
	EXPECT_EQ(source("/*\n *\tIt says this\n *\tand that.\n */"), expected);
	EXPECT_EQ(source("/**\n * It says this\n * and that.\n */"), expected);
	EXPECT_EQ(source("/*************\n * It says this\n * and that.\n *************/"),
		  expected);
}

TEST(Citation, EmptyLineOfACommentEndsAParagraph)
{
	EXPECT_EQ(source("/*\n * One\n *\n * two\n */"), (Sentences{"One", "two"}));
}

TEST(Citation, EndOfACommentEndsAParagraph)
{
	EXPECT_EQ(source("/* One */ /* two */\n// three\n// four\n"),
		  (Sentences{"One", "two", "three", "four"}));
}

TEST(Citation, ListInACommentIsSplit)
{
	EXPECT_EQ(source("/*\n * These:\n * - one\n *   more\n * 2. two\n */"),
		  (Sentences{"These:", "one more", "two"}));
}

TEST(Citation, StarThatBelongsToAWordStays)
{
	EXPECT_EQ(source("/*\n * Takes a\n * *pointer to it.\n */"),
		  (Sentences{"Takes a *pointer to it."}));
}

TEST(Citation, CommentThatNeverEndsIsNotRead)
{
	EXPECT_EQ(source("/* One. */ /* two"), (Sentences{"One."}));
	EXPECT_EQ(source("// One, at the end of the file"),
		  (Sentences{"One, at the end of the file"}));
	EXPECT_EQ(source("a /"), Sentences{});
	EXPECT_EQ(source("/*/ not closed */"), (Sentences{"/ not closed"}));
}

TEST(Citation, SameSentenceInTextAndCommentIsTheSame)
{
	EXPECT_EQ(text("- It is called `flags`, and\n  it is 64 bits wide."),
		  source("\t/*\n\t * It is called `flags`,\n\t * and it is 64 bits wide. */"));
}

} // namespace
} // namespace exit24::model
