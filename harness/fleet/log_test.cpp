// SPDX-License-Identifier: GPL-2.0-only
#include "fleet/log.hpp"

#include "model/plan.hpp"

#include <gtest/gtest.h>

#include <random>

namespace exit24::fleet {
namespace {

using model::Json;

const std::vector<Json> records = {
	{{"boot", {{"machine", "exported"}, {"cases", {"s/a", "s/b"}}, {"guests", {{"off", "00"}}}, {"cell", "0123456789abcdef"}}}},
	{{"hello", {{"protocol", model::protocol}, {"release", "7.3.4"}, {"uptime_ms", 5}, {"kvm_log", Json::array()}, {"kvm_trouble", "none"}}}},
	{{"case", "s/a"}, {"begin", true}},
	{{"case", "s/a"}, {"end", true}, {"ns", 7}, {"kernel_log", {"line \"one\"\t\xc3\xa4"}}},
	{{"case", "s/b"}, {"begin", true}},
	{{"case", "s/b"}, {"end", true}, {"ns", 7}},
	{{"done", true}},
};

std::vector<std::string> console()
{
	std::vector<std::string> lines = {"[    0.1] Linux version", "KTAP version 1", "1..2"};
	for (std::size_t i = 0; i < records.size(); i++) {
		std::string line = model::frame(records[i], i);
		line.pop_back();
		lines.push_back(line);
	}
	lines.push_back("# exit24 is done: 2 of 2 recorded");
	return lines;
}

std::string joined(const std::vector<std::string> &lines)
{
	std::string out;
	for (const std::string &line : lines)
		out += line + "\n";
	return out;
}

/// As PyYAML writes it for LAVA: what is not ASCII is escaped. LAVA itself has put a backslash before each quote; `plain`
/// is without that.
std::string lava(const std::vector<std::string> &lines, bool plain = false)
{
	std::string out = "- {\"dt\": \"2026-01-01T00:00:00.000000\", \"lvl\": \"info\", \"msg\": \"start: 1 validate\"}\n";
	for (const std::string &line : lines) {
		std::string text;
		for (std::size_t i = 0; i < line.size(); i++) {
			if (line[i] == '"' && !plain)
				text += "\\\\";
			if (line[i] == '"' || line[i] == '\\')
				text += '\\';
			if (line.substr(i, 2) == "\xc3\xa4") {
				text += "\\xe4";
				i++;
			} else {
				text += line[i];
			}
		}
		out += "- {\"dt\": \"2026-01-01T00:00:00.000000\", \"lvl\": \"target\", \"msg\": \"" + text + "\"}\n";
		out += "- {\"dt\": \"x\", \"lvl\": \"results\", \"msg\": {\"case\": \"s_a\", \"result\": \"fail\"}}\n";
	}
	return out;
}

Result<Log> read(const std::string &text)
{
	return read_log("LOG", text, [](const std::string &cell) {
		return cell == "0123456789abcdef" ? Json{{"mode", "vhe"}, {"cpu", "neoverse-n1"}} : Json();
	});
}

TEST(Log, AWholeOneIsReadFromConsoleAndFromLava)
{
	for (const std::string &text : {joined(console()), lava(console()), lava(console(), true)}) {
		const auto log = read(text);
		ASSERT_TRUE(log) << log.error().what;
		EXPECT_EQ(log->trouble, "");
		EXPECT_TRUE(log->complete);
		EXPECT_EQ(log->cell, "0123456789abcdef");
		EXPECT_EQ(log->recording.order, (std::vector<std::string>{"s/a", "s/b"}));
		EXPECT_EQ(log->recording.boots.front().machine["mode"], "vhe");
		EXPECT_EQ(log->recording.boots.front().end, "complete");
		const auto again = model::parse_recording("R", log->text);
		ASSERT_TRUE(again) << again.error().what;
		EXPECT_EQ(again->cases.at("s/a").kernel_log.front(), "line \"one\"\t\xc3\xa4");
	}
}

TEST(Log, OneThatIsCutAnywhereSaysSo)
{
	const std::string whole = joined(console());
	for (std::size_t size = 0; size < whole.size() - 50; size += 7) {
		const auto log = read(whole.substr(0, size));
		if (!log) {
			EXPECT_NE(log.error().what.find("LOG"), std::string::npos);
			continue;
		}
		const bool all = whole.substr(0, size).find("\"done\":true,\"crc\":\"") != std::string::npos;
		if (!all) {
			EXPECT_FALSE(log->complete) << size;
			EXPECT_NE(log->trouble.find("LOG: "), std::string::npos);
			EXPECT_EQ(log->recording.boots.front().end, "machine");
		}
	}
}

TEST(Log, ALineThatIsLostOrTornIsNamed)
{
	for (std::size_t i = 4; i < 10; i++) {
		std::vector<std::string> lines = console();
		lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(i));
		const auto lost = read(joined(lines));
		ASSERT_TRUE(lost);
		EXPECT_FALSE(lost->complete);
		EXPECT_NE(lost->trouble.find("line"), std::string::npos);
		lines = console();
		lines[i][20] ^= 1;
		const auto torn = read(joined(lines));
		ASSERT_TRUE(torn);
		EXPECT_FALSE(torn->complete);
		EXPECT_NE(torn->trouble.find("LOG: line " + std::to_string(i + 1) + " is torn"), std::string::npos) << torn->trouble;
	}
}

TEST(Log, AKernelThatDiesIsAResult)
{
	std::vector<std::string> lines = console();
	lines.resize(8); // s/b has begun
	lines.push_back("[    2.0] Kernel panic - not syncing: Oops");
	const auto log = read(joined(lines));
	ASSERT_TRUE(log);
	EXPECT_TRUE(log->complete);
	EXPECT_EQ(log->recording.boots.front().end, "crash");
	EXPECT_EQ(log->recording.boots.front().end_reason, "Kernel panic - not syncing: Oops");
	EXPECT_TRUE(log->recording.cases.at("s/a").ended);
	EXPECT_FALSE(log->recording.cases.at("s/b").ended);
}

TEST(Log, AMachineThatBootsAgainHasDied)
{
	std::vector<std::string> lines = console();
	lines.resize(8);
	for (const std::string &line : console())
		lines.push_back(line);
	const auto log = read(joined(lines));
	ASSERT_TRUE(log);
	EXPECT_EQ(log->recording.boots.size(), 1u);
	EXPECT_EQ(log->recording.boots.front().end, "crash");
	EXPECT_FALSE(log->recording.cases.at("s/b").ended);
}

TEST(Log, ALineTwiceIsNamed)
{
	for (std::size_t i = 4; i < 10; i++) {
		std::vector<std::string> lines = console();
		lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
		const auto log = read(joined(lines));
		ASSERT_TRUE(log);
		EXPECT_FALSE(log->complete) << i;
		EXPECT_NE(log->trouble.find("LOG: line " + std::to_string(i + 2)), std::string::npos) << log->trouble;
	}
}

/// Whatever becomes of a log on its way, it is refused, or not whole, or says what it said.
TEST(Log, HostileBytesNeverMakeAnotherResult)
{
	std::mt19937 random(24);
	const auto any = [&](std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random); };
	for (const std::string &whole : {joined(console()), lava(console())}) {
		const auto good = read(whole);
		ASSERT_TRUE(good);
		for (int i = 0; i < 4000; i++) {
			std::string text = whole;
			for (std::size_t n = any(4) + 1; n > 0 && !text.empty(); n--) {
				const std::size_t at = any(text.size()), size = any(80);
				switch (any(5)) {
				case 0:
					text[at] = static_cast<char>(any(256));
					break;
				case 1:
					text.erase(at, size);
					break;
				case 2:
					text.insert(at, text.substr(any(text.size()), size));
					break;
				case 3:
					text.insert(at, std::string(size, "\n\0\\\"\x1b\xff"[any(6)]));
					break;
				default:
					text.resize(at + 1);
				}
			}
			const auto log = read(text);
			if (!log || !log->complete)
				continue;
			if (log->recording.boots.front().end == "complete") {
				EXPECT_EQ(log->text, good->text) << text;
			}
		}
	}
}

TEST(Log, WhatIsNoneIsRefused)
{
	EXPECT_FALSE(read(""));
	EXPECT_FALSE(read("KTAP version 1\nok 1 s/a # SKIP recorded\n"));
	EXPECT_FALSE(read(std::string(1000, '\0')));
}

TEST(TargetLine, Escapes)
{
	const auto of = [](const std::string &text) { return target_line("- {\"dt\": \"x\", \"lvl\": \"target\", \"msg\": \"" + text); };
	EXPECT_EQ(of("a\\\"b\\\\c\\td\"}"), "a\"b\\c\td");
	EXPECT_EQ(of("\\e[0m\\x7f\\u2028\\U0001F600\\N\\_\"}"), "\x1b[0m\x7f\xe2\x80\xa8\xf0\x9f\x98\x80\xc2\x85\xc2\xa0");
	EXPECT_EQ(of(R"({\\\"a\\\": \\\\\""})"), R"({"a": \")");
	EXPECT_EQ(of("cut sho"), "cut sho");
	EXPECT_EQ(of("bad \\q \"}"), "bad ");
	EXPECT_EQ(of("bad \\x4"), "bad ");
	EXPECT_FALSE(target_line("- {\"dt\": \"x\", \"lvl\": \"info\", \"msg\": \"a\"}"));
	EXPECT_FALSE(target_line("plain"));
}

} // namespace
} // namespace exit24::fleet
