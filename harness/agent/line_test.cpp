// SPDX-License-Identifier: GPL-2.0-only
#include "agent/line.hpp"

#include "base/runs.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace exit24::agent {
namespace {

using model::Json;

std::string written(const Line &line)
{
	return "{" + std::string(line.body()) + "}";
}

TEST(Line, IsWhatATreeOfValuesWouldBe)
{
	Line line;
	line["case"] = "a/b";
	line["rc"] = -1;
	line["least"] = INT64_MIN;
	line["most"] = UINT64_MAX;
	line["yes"] = true;
	line["no"] = false;
	line["none"] = nullptr;
	line["value"].hex(0xdeadbeef00000000);
	line["zero"].hex(0);
	line["regs"].object();
	line["pc"].hex(0x40000000);
	line["x0"].hex(1);
	line.close();
	line["empty"].array();
	line.close();
	line["states"].array();
	line.item() = 0;
	line.item() = nullptr;
	line.item().hex(42);
	line.close();
	line["tree"] = Json{{"a", {1, 2}}};
	const Json want = {{"case", "a/b"},
			   {"rc", -1},
			   {"least", INT64_MIN},
			   {"most", UINT64_MAX},
			   {"yes", true},
			   {"no", false},
			   {"none", nullptr},
			   {"value", hex(0xdeadbeef00000000)},
			   {"zero", "0x0"},
			   {"regs", {{"pc", "0x40000000"}, {"x0", "0x1"}}},
			   {"empty", Json::array()},
			   {"states", {0, nullptr, "0x2a"}},
			   {"tree", {{"a", {1, 2}}}}};
	EXPECT_EQ(written(line), want.dump());
	line.clear();
	EXPECT_EQ(written(line), "{}");
}

TEST(Line, EscapesWhatJsonDoes)
{
	for (const char *text : {"", "\"", "\\", "a\nb\x01", "\x7f", "\xc3\xa4", "\xff"}) {
		Line line;
		line["text"] = text;
		const Json want = {{"text", text}};
		EXPECT_EQ(written(line), want.dump(-1, ' ', false, Json::error_handler_t::replace));
	}
}

TEST(Line, RunsAreThoseOfEncodeRuns)
{
	std::vector<std::uint8_t> bytes;
	const auto check = [&] {
		Line line;
		line["page"].runs(bytes);
		EXPECT_EQ(line.body(), "\"page\":\"" + encode_runs(bytes) + "\"");
	};
	check();
	// runs of each length up to 40, at each alignment
	for (std::uint8_t length = 1; length <= 40; length++) {
		bytes.insert(bytes.end(), length, length);
		check();
	}
	bytes.assign(2352, 0xa5);
	check();
	bytes[2351] = 0;
	check();
}

TEST(Line, OverflowIsTold)
{
	Line line;
	line["a"] = std::string(500'000, 'a');
	EXPECT_FALSE(line.overflowed());
	line["b"] = std::string(600'000, 'b');
	EXPECT_TRUE(line.overflowed());
	line.clear();
	EXPECT_FALSE(line.overflowed());
}

} // namespace
} // namespace exit24::agent
