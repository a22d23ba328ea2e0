// SPDX-License-Identifier: GPL-2.0-only
#include "cli/settings.hpp"

#include <gtest/gtest.h>

namespace exit24::cli {
namespace {

std::string refused(const std::string &text)
{
	try {
		read_settings("s.toml", text);
	} catch (const BadSettings &e) {
		return e.what();
	}
	return "nothing was thrown";
}

TEST(ReadSettings, ReadsWordsStringsAndLists)
{
	const auto all = read_settings("s.toml", "# mine\n\n[run] # the verb\nmode = [\"nvhe\", vhe]\r\n  max-fail=5 # enough\n"
						 "append = 'quiet # not a comment'\n[validate]\nlinux = \"a b\"");
	ASSERT_EQ(all.size(), 4u);
	EXPECT_EQ(all[0].line, 4u);
	EXPECT_EQ(all[0].verb + " " + all[0].key, "run mode");
	EXPECT_EQ(all[0].values, (std::vector<std::string>{"nvhe", "vhe"}));
	EXPECT_EQ(all[1].values, (std::vector<std::string>{"5"}));
	EXPECT_EQ(all[2].values, (std::vector<std::string>{"quiet # not a comment"}));
	EXPECT_EQ(all[3].verb, "validate");
	EXPECT_EQ(all[3].values, (std::vector<std::string>{"a b"}));
	EXPECT_TRUE(read_settings("s.toml", "").empty());
}

TEST(ReadSettings, SaysWhichLineIsWrongAndWhatWouldNotBe)
{
	const std::pair<const char *, const char *> wrong[] = {
		{"mode = vhe\n", "s.toml, line 1: \"mode\" stands before any verb"},
		{"[run]\nmode\n", "s.toml, line 2: there is no \"=\"; a line is [VERB], OPTION = VALUE"},
		{"[run\n", "line 1: that is no [VERB]"},
		{"[run] mode = vhe\n", "line 1: that is no [VERB]"},
		{"[run]\nmode =\n", "line 2: there is no value"},
		{"[run]\nmode = # none\n", "line 2: there is no value"},
		{"[run]\nappend = \"quiet\n", "line 2: a string has no end; close it with \""},
		{"[run]\nmode = [nvhe, vhe\n", "line 2: a list has no end"},
		{"[run]\nmode = [nvhe vhe]\n", "line 2: a list has no end"},
		{"[run]\nmode = []\n", "line 2: the list is empty"},
		{"[run]\nmode = nvhe, vhe\n", "line 2: \", vhe\" is one too many; several values are a list"},
		{"[run]\nmode = vhe\n\nmode = nvhe\n", "line 4: \"mode\" of [run] stands in line 2, too"},
		{"[run]\n\x7f" "ELF\n", "line 2: there is a control character"},
	};
	for (const auto &[text, says] : wrong)
		EXPECT_NE(refused(text).find(says), std::string::npos) << text << refused(text);
}

} // namespace
} // namespace exit24::cli
