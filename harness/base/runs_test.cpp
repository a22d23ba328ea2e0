// SPDX-License-Identifier: GPL-2.0-only
#include "base/runs.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace exit24 {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST(Runs, EqualBytesAreFolded)
{
	EXPECT_EQ(encode_runs(Bytes{}), "");
	EXPECT_EQ(encode_runs(Bytes{0xa5}), "a5");
	EXPECT_EQ(encode_runs(Bytes{1, 0, 0, 0, 0xa5, 0xa5}), "01 00*3 a5*2");
	EXPECT_EQ(encode_runs(Bytes(2352, 0xff)), "ff*2352");
}

/// What tells an encoder's mistakes apart: no run, only runs, runs at either end, all values.
std::vector<Bytes> patterns()
{
	std::vector<Bytes> out = {{}, {0}, {0xff}, Bytes(2, 7), Bytes(4096, 0xa5)};
	Bytes all, pairs, growing;
	for (unsigned i = 0; i < 256; i++) {
		const auto byte = static_cast<std::uint8_t>(i);
		all.push_back(byte);
		pairs.insert(pairs.end(), 2, byte);
		growing.insert(growing.end(), i, byte);
	}
	out.insert(out.end(), {all, pairs, growing});
	std::uint32_t random = 1;
	for (std::size_t length = 1; length < 300; length += 7) {
		Bytes bytes;
		for (std::size_t i = 0; i < length; i++) {
			random = random * 1664525 + 1013904223; // Numerical Recipes' generator
			bytes.push_back(
				static_cast<std::uint8_t>(random >> 30)); // four values: many runs
		}
		out.push_back(bytes);
	}
	return out;
}

TEST(Runs, DecodeIsTheInverseOfEncode)
{
	for (const Bytes &bytes : patterns()) {
		const std::string text = encode_runs(bytes);
		const auto back = decode_runs(text, bytes.size());
		ASSERT_TRUE(back) << text << ": " << back.error().what;
		EXPECT_EQ(*back, bytes) << text;
	}
}

TEST(Runs, MoreBytesThanTheLimitAreRefused)
{
	for (const Bytes &bytes : patterns()) {
		if (bytes.empty())
			continue;
		const auto refused = decode_runs(encode_runs(bytes), bytes.size() - 1);
		ASSERT_FALSE(refused);
		EXPECT_EQ(refused.error().what,
			  "more than " + std::to_string(bytes.size() - 1) + " bytes");
	}
}

TEST(Runs, HugeCountsAllocateNothing)
{
	const auto most = std::to_string(std::numeric_limits<std::size_t>::max());
	EXPECT_FALSE(decode_runs("00*" + most, 4096));
	EXPECT_FALSE(decode_runs("00 00*" + most, 4096)) << "the sum wraps around";
	EXPECT_FALSE(decode_runs("00*" + most + "0", 4096)) << "the count does not fit";
}

TEST(Runs, MalformedTextIsRefused)
{
	for (const char *text :
	     {" ",     " 00",   "0",  "000",   "00  00", "00,00", "g0",    "0g",
	      "0x",    "-1",    "+1", "00*",   "00*x",   "00* 2", "00*0",  "00*1",
	      "00*-2", "00*2x", "*2", "00**2", "00*2*2", "00\n",  "00 \n", "\xc3\xa9"})
		EXPECT_FALSE(decode_runs(text, 4096)) << '"' << text << '"';
}

TEST(Runs, SpaceAtTheEndIsRefused)
{
	EXPECT_FALSE(decode_runs("00 ", 4096));
}

TEST(Runs, ErrorsShowThePlace)
{
	EXPECT_EQ(decode_runs("00 zz 01", 9).error().what, "not a byte: zz 01");
	EXPECT_EQ(decode_runs("00*1 02", 9).error().what, "not a count: *1 02");
}

TEST(Hex, HasNoLeadingZeroes)
{
	EXPECT_EQ(hex(0), "0x0");
	EXPECT_EQ(hex(0x2a), "0x2a");
	EXPECT_EQ(hex(0xfffffffffffffffa), "0xfffffffffffffffa");
}

} // namespace
} // namespace exit24
