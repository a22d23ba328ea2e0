// SPDX-License-Identifier: GPL-2.0-only
#include "fleet/lava.hpp"

#include "base/file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <cstdlib>

namespace exit24::fleet {
namespace {

TEST(Lava, NamesAreStoredAsLavaDoes)
{
	EXPECT_EQ(lava_name("system_off/reports-shutdown"), "system_off_reports_shutdown");
	EXPECT_EQ(lava_name("a.b"), "a_b");
	EXPECT_EQ(lava_name("A/-b--C_-"), "a_b_c__");
}

TEST(Lava, AllOurCasesKeepNamesOfTheirOwn)
{
	const std::filesystem::path root = SOURCE_ROOT "/cases";
	std::vector<std::string> names;
	for (const auto &entry : std::filesystem::recursive_directory_iterator(root))
		if (entry.path().extension() == ".json" && entry.path().parent_path() != root)
			names.push_back(entry.path().lexically_relative(root).replace_extension().string());
	ASSERT_GT(names.size(), 200u);
	const auto r = check_lava_names(names);
	EXPECT_TRUE(r) << r.error().what;
}

TEST(Lava, TwoNamesThatBecomeOneAreRefused)
{
	const auto r = check_lava_names({"s/a-b", "s/c", "s/a_b"});
	ASSERT_FALSE(r);
	EXPECT_EQ(r.error().what, "LAVA would call cases s/a-b and s/a_b both s_a_b; leave one out with --exclude, or rename it");
}

/// Python's named groups are not in ECMAScript.
std::regex pattern()
{
	std::string text = lava_pattern();
	for (const char *name : {"?P<result>", "?P<test_case_id>"})
		text.erase(text.find(name), std::string(name).size());
	return std::regex(text);
}

TEST(Lava, ThePatternTakesWholeLinesOnly)
{
	const std::string line = "\r\nnot ok 12 system_off/reports-shutdown # ERROR not run\r\n";
	std::smatch m;
	ASSERT_TRUE(std::regex_search(line, m, pattern()));
	EXPECT_EQ(m[1], "not ok");
	EXPECT_EQ(m[2], "system_off/reports-shutdown");
	// However the console's bytes are cut, nothing else is ever matched.
	const std::regex lines = pattern();
	for (std::size_t begin = 0; begin <= line.size(); begin++) {
		for (std::size_t end = begin; end <= line.size(); end++) {
			const std::string part = line.substr(begin, end - begin);
			const bool whole = begin <= 1 && end >= line.size() - 1;
			ASSERT_EQ(std::regex_search(part, m, lines), whole) << begin << " " << end;
			if (whole) {
				EXPECT_EQ(m[2], "system_off/reports-shutdown");
				EXPECT_EQ(m[1], "not ok");
			}
		}
	}
	for (const char *other : {"\r\nok 1 system_off/x\r\n", "\r\n{\"seq\":1,\"text\":\"ok 1 a/b # SKIP \"}\r\n",
				  "\r\n[    1.0] ok 1 a/b # SKIP x\r\n", "\r\nok 1 a/b c # SKIP x\r\n"})
		EXPECT_FALSE(std::regex_search(other, pattern())) << other;
}

TEST(Lava, EachLineOfManyIsFound)
{
	const std::string text = "\nKTAP version 1\n1..3\nok 1 a/b # SKIP r\nok 2 a/c # SKIP r\n{}\nnot ok 3 a/d # ERROR r\n";
	std::string found;
	const std::regex lines = pattern();
	for (std::sregex_iterator i(text.begin(), text.end(), lines), end; i != end; ++i)
		found += (*i)[1].str() + ":" + (*i)[2].str() + " ";
	EXPECT_EQ(found, "ok:a/b ok:a/c not ok:a/d ");
}

void is_golden(const std::string &name, const std::string &text)
{
	const std::string file = SOURCE_ROOT "/reports/golden/" + name;
	if (std::getenv("EXIT24_ACCEPT")) {
		ASSERT_TRUE(write_file(file, text));
	}
	const auto want = read_file(file);
	ASSERT_TRUE(want) << want.error().what;
	EXPECT_EQ(text, *want) << file;
}

TEST(Lava, AJobOfQemu)
{
	LavaJob job;
	job.cell = {"7.3.4+deb13-arm64", "nvhe", "cortex-a57", "0123456789abcdef"};
	job.setup = {"cortex-a57", "3", "console=ttyAMA0 panic=-1"};
	job.kernel = "http://lab/Image-1";
	job.ramdisk = "http://lab/initramfs";
	is_golden("lava-qemu.yaml", lava_job(job));
}

TEST(Lava, AJobOfABoard)
{
	LavaJob job;
	job.cell = {"7.3.4", "protected", "bcm2711-rpi-4-b", "0123456789abcdef"};
	const auto setup = board_setup("protected", "quiet");
	ASSERT_TRUE(setup);
	job.setup = *setup;
	job.u_boot = true;
	job.device_type = "bcm2711-rpi-4-b";
	job.kernel = "http://lab/Image-1";
	job.ramdisk = "http://lab/initramfs";
	job.dtb = "http://lab/board.dtb";
	is_golden("lava-board.yaml", lava_job(job));
	EXPECT_FALSE(board_setup("gicv2", ""));
}

} // namespace
} // namespace exit24::fleet
