// SPDX-License-Identifier: GPL-2.0-only
#include "mutant/functions.hpp"

#include <gtest/gtest.h>

using namespace exit24::mutant;

namespace {

const std::string source = R"(// a comment
#define TWICE(x) ((x) + (x))

struct pair
{
	int a, b;
};

static int first(struct pair *p, unsigned long index)
{
	if (index) {
		return p->b;
	}
	return p->a;
}

void __init early(void)
{
}

static inline u64 wide(const u8 bytes[8],
		       u32 n)
{
	return bytes[n];
}
int say(const char *format, ...)
{
	return 0;
}
EXPORT_SYMBOL(say);
DEFINE_THING(x)
{
}
static void call(int (*what)(void))
{
	what();
}
)";

} // namespace

TEST(Functions, AreFoundWithTheirParameters)
{
	const auto all = functions(source);
	ASSERT_EQ(all.size(), 5u);
	EXPECT_EQ(all[0].name, "first");
	EXPECT_EQ(all[0].parameters, (std::vector<std::string>{"p", "index"}));
	EXPECT_EQ(source.substr(all[0].begin, 16), "static int first");
	EXPECT_EQ(source.substr(all[0].end - 2, 2), "}\n");
	EXPECT_EQ(all[1].name, "early");
	EXPECT_EQ(all[1].trouble, "runs before anything can be switched");
	EXPECT_EQ(all[2].name, "wide");
	EXPECT_EQ(all[2].parameters, (std::vector<std::string>{"bytes", "n"}));
	EXPECT_EQ(all[2].trouble, "");
	EXPECT_EQ(all[3].trouble, "takes any number of arguments");
	EXPECT_EQ(all[4].trouble, "takes a pointer to a function");
}

TEST(Functions, SkeletonIgnoresBodiesOnly)
{
	std::string changed = source;
	changed.replace(changed.find("return p->a"), 11, "return 7");
	EXPECT_EQ(skeleton(source), skeleton(changed));
	changed.replace(changed.find("(x) + (x)"), 9, "(x) * (x)");
	EXPECT_NE(skeleton(source), skeleton(changed));
}
