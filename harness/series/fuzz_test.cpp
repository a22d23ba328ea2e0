// SPDX-License-Identifier: GPL-2.0-only
// What a series may look like when a mail program, a web page or a person has been at it.
#include "series/diff.hpp"
#include "series/mail.hpp"
#include "series/tracking.hpp"

#include <algorithm>
#include <chrono>
#include <gtest/gtest.h>
#include <random>

using namespace exit24;
using namespace exit24::series;

namespace {

const std::string diff = "diff --git a/arch/arm64/kvm/psci.c b/arch/arm64/kvm/psci.c\nindex 1..2 100644\n--- a/arch/arm64/kvm/psci.c\n"
			 "+++ b/arch/arm64/kvm/psci.c\n@@ -1,3 +1,4 @@ int f(void)\n one\n-two\n+2\n+more\n three\n"
			 "diff --git a/old.c b/new.c\nsimilarity index 100%\nrename from old.c\nrename to new.c\n"
			 "diff --git a/l b/l\nnew file mode 100644\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+x\n\\ No newline at end of file\n";

std::string mail(const std::string &subject, const std::string &headers = "", const std::string &body = diff)
{
	return "From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\nFrom: =?utf-8?q?J=C3=BCrgen?= <a@example.org>\n"
	       "Message-ID: <1@example.org>\nSubject: " + subject + "\n" + headers + "\nWords.\n---\n x | 2 +-\n\n" + body + "-- \n2.39.5\n\n";
}

const std::vector<std::string> &seeds()
{
	static const std::vector<std::string> all = {
		diff,
		mail("[PATCH v2 0/2] the whole", "", "") + mail("[PATCH v2 1/2] first\n of two") + mail("[RFC PATCH v2 2/2] =?UTF-8?B?c2Vjb25k?="),
		mail("Re: [PATCH 1/1] x") + mail("[PATCH v3 1/1] x", "Content-Transfer-Encoding: quoted-printable\n", "--- a/x=20\n+++ b/x\n@@ -1 +1 @@\n-=\na\n+b=3D\n"),
		mail("[PATCH] y", "Content-Transfer-Encoding: base64\n", "LS0tIGEveAorKysgYi94CkBAIC0xICsxIEBACi1hCitiCg==\n"),
		"[PATCH v2 1/2] KVM: Do it\n\nAda Lovelace ada at example.org\nThu Dec 12 11:12:26 EST 2013\n\n\nWords.\n---\n" + diff +
			"-- \n1.7.9.5\n\n\nMore information about the mailing list\n",
		"// Subject: [PATCH 1/1] z\n// files: a.c\n@@ @@\n- f()\n+ g()\n",
	};
	return all;
}

/// One of the things that happen to a text.
std::string mutate(std::string text, std::mt19937 &random)
{
	static const std::vector<std::string> pieces = {
		"From ", "\nFrom 1 Mon Jan  1 00:00:00 2026\n", "@@ -1,99999999999999999999 +1 @@\n", "@@ -1,4294967295 +1,4294967295 @@\n", "@@ -0,0 +1 @@\n",
		"+++ ", "--- ", "\n--- \n+++ \n", "diff --git ", "diff --git a b\n", "rename from ", "\r\n", "\n\n", "=?utf-8?b?", "=?x?q?", "?=", "=\n", "=F", "\xff\xfe", "[PATCH ",
		"[PATCH 4294967296/0] ", "[PATCH v999999999 0/0]", "]", " at ", "../", "\"", "Subject:", "Subject: \n\t\n", "Content-Type: multipart/mixed\n", "GIT binary patch\n", "base-commit: ",
		"Message-ID:", std::string(300, 'A'), std::string(1, '\0'), "\033[31m", "\xe2\x80\xae", "\\ No newline at end of file\n"};
	const auto at = [&](std::size_t size) { return std::uniform_int_distribution<std::size_t>(0, size)(random); };
	for (std::size_t n = 1 + at(3); n > 0; n--) {
		const std::size_t begin = at(text.size()), length = std::min(at(80), text.size() - begin);
		switch (at(6)) {
		case 0:
			text.erase(begin, length);
			break;
		case 1:
			text.insert(begin, pieces[at(pieces.size() - 1)]);
			break;
		case 2:
			text.insert(at(text.size()), text.substr(begin, length));
			break;
		case 3:
			if (!text.empty())
				text[std::min(begin, text.size() - 1)] = static_cast<char>(at(255));
			break;
		case 4:
			text.resize(begin);
			break;
		case 5: // wrapped at a column
			for (std::size_t i = 40 + at(40); i < text.size(); i += 80)
				text.insert(i, "\n");
			break;
		default:
			text += seeds()[at(seeds().size() - 1)].substr(0, at(400));
		}
	}
	return text;
}

/// What an Error says to a person: something, in one line.
void expect_a_sentence(const Error &error, const std::string &input)
{
	EXPECT_GT(error.what.size(), 8u) << input;
	EXPECT_EQ(error.what.find('\n'), std::string::npos) << error.what << "\nof\n" << input;
}

TEST(Fuzz, NoTextMakesTheReadersStumble)
{
	const auto start = std::chrono::steady_clock::now();
	std::size_t taken = 0, refused = 0;
	for (unsigned seed = 0; seed < 6000; seed++) {
		std::mt19937 random(seed); // the same inputs each time
		const std::string text = mutate(seeds()[seed % seeds().size()], random);
		const auto series = parse_series("the series", text);
		if (!series) {
			refused++;
			expect_a_sentence(series.error(), text);
		} else {
			taken++;
			EXPECT_FALSE(series->patches.empty());
			for (const Patch &patch : series->patches) {
				std::ignore = without_context(patch.text);
				const auto files = parse_diff(patch.name, patch.text);
				if (!files) {
					expect_a_sentence(files.error(), text);
					continue;
				}
				for (const FileChange &file : *files)
					for (const std::string &path : {file.path, file.old_path})
						EXPECT_TRUE(path.empty() || path_trouble(path).empty()) << path << "\nof\n" << text;
			}
			EXPECT_TRUE(std::none_of(series->notes.begin(), series->notes.end(), [](const std::string &n) { return n.empty(); }));
		}
		if (const auto semantic = parse_semantic("x.cocci", text); !semantic)
			expect_a_sentence(semantic.error(), text);
		if (const auto tracking = parse_tracking("t", text); !tracking)
			expect_a_sentence(tracking.error(), text);
		std::ignore = message_id(text);
		if (HasFailure())
			return;
	}
	// Neither side is empty, or this test sees nothing.
	EXPECT_GT(taken, 1000u);
	EXPECT_GT(refused, 1000u);
	EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(100)) << "a text takes a reader for ever";
}

/// As long as no line is longer than what was read so far, twice the text takes twice the time.
TEST(Fuzz, LongTextsTakeNoLongerThanTheyAreLong)
{
	const auto start = std::chrono::steady_clock::now();
	std::string many, deep = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,300000 +1,300000 @@\n";
	for (int i = 0; i < 20000; i++)
		many += mail("[PATCH " + std::to_string(i + 1) + "/20000] x", "", "");
	for (int i = 0; i < 300000; i++)
		deep += " line\n";
	const std::string words = "Subject: [PATCH] " + std::string(2'000'000, '[') + "\n\n" + diff;
	for (const std::string &text : {many, deep, words, std::string(4'000'000, '\n') + diff, "Subject: " + std::string(300'000, '=') + "?=?" + "\n\n" + diff}) {
		const auto series = parse_series("long", text);
		if (series)
			std::ignore = parse_diff("long", series->patches.front().text);
	}
	EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
}

} // namespace
