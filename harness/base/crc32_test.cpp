// SPDX-License-Identifier: GPL-2.0-only
#include "base/crc32.hpp"

#include <gtest/gtest.h>

namespace exit24 {
namespace {

TEST(Crc32, IsThatOfEthernet)
{
	EXPECT_EQ(crc32(""), 0u);
	EXPECT_EQ(crc32("123456789"), 0xcbf43926u); // the check value that every catalogue of CRCs gives
	EXPECT_EQ(crc32("The quick brown fox jumps over the lazy dog"), 0x414fa339u);
}

} // namespace
} // namespace exit24
