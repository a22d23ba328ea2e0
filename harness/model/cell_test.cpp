// SPDX-License-Identifier: GPL-2.0-only
#include "model/cell.hpp"

#include <gtest/gtest.h>

#include <set>

namespace exit24::model {
namespace {

CaseText text_of(const std::string &name, const std::string &text)
{
	CaseText out;
	out.parsed.name = name;
	out.text = text;
	return out;
}

TEST(Cell, TheDigestIsOfNamesAndTextsInAnyOrder)
{
	const CaseText a = text_of("s/a", "1"), b = text_of("s/b", "2");
	EXPECT_EQ(digest({a, b}), digest({b, a}));
	EXPECT_NE(digest({a, b}), digest({a}));
	EXPECT_NE(digest({a, b}), digest({a, text_of("s/b", "3")}));
	EXPECT_NE(digest({a, b}), digest({text_of("s/a", "2"), text_of("s/b", "1")}));
	CaseText moved = a;
	moved.file = "/somewhere/else";
	EXPECT_EQ(digest({moved}), digest({a}));
}

TEST(Cell, TheIdIsOfAllFactsAndNotOfTheirOrder)
{
	const Json facts = {{"image", "aa"}, {"mode", "nvhe"}};
	EXPECT_EQ(cell_id(facts), cell_id({{"mode", "nvhe"}, {"image", "aa"}}));
	EXPECT_NE(cell_id(facts), cell_id({{"image", "aa"}, {"mode", "vhe"}}));
	EXPECT_EQ(cell_id(facts), "78460dd5d94dad22"); // of sha256sum; it must never change
	const Cell cell{"7.3.4", "nvhe", "cortex-a57", cell_id(facts)};
	EXPECT_EQ(read_cell(Reader(write_cell(cell))), cell);
	Json bad = write_cell(cell);
	bad["id"] = "3f08";
	EXPECT_THROW(read_cell(Reader(bad)), Malformed);
}

TEST(Partition, EachEntryIsInOnePart)
{
	for (unsigned of = 1; of < 9; of++) {
		for (std::size_t index = 0; index < 20; index++) {
			unsigned in = 0;
			for (unsigned part = 1; part <= of; part++)
				in += Partition{part, of}.has(index);
			EXPECT_EQ(in, 1u);
		}
	}
	EXPECT_TRUE((Partition{2, 3}.has(1)));
	EXPECT_TRUE((Partition{2, 3}.has(4)));
}

TEST(Partition, IsReadStrictly)
{
	const auto p = read_partition("count:2/8");
	ASSERT_TRUE(p);
	EXPECT_EQ(p->part, 2u);
	EXPECT_EQ(p->of, 8u);
	for (const char *bad : {"", "2/8", "count:", "count:2", "count:/", "count:0/8", "count:9/8", "count:2/0", "count:-1/8",
				"count:2/8x", "count: 2/8", "count:2/8/9", "hash:2/8", "count:1/4294967297", "count:1/100001"}) {
		const auto r = read_partition(bad);
		ASSERT_FALSE(r) << bad;
		EXPECT_NE(r.error().what.find("count:M/N"), std::string::npos);
	}
}

} // namespace
} // namespace exit24::model
