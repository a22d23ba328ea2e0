// SPDX-License-Identifier: GPL-2.0-only
#include "base/unique_fd.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <type_traits>

namespace exit24 {
namespace {

static_assert(!std::is_copy_constructible_v<UniqueFd> && !std::is_copy_assignable_v<UniqueFd>);

int open_null()
{
	return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

bool is_open(int fd)
{
	return ::fcntl(fd, F_GETFD) >= 0;
}

TEST(UniqueFd, ClosesWhatItOwns)
{
	int fd = -1;
	{
		const UniqueFd owner(open_null());
		fd = owner.get();
		ASSERT_TRUE(owner.valid());
		EXPECT_TRUE(is_open(fd));
	}
	EXPECT_FALSE(is_open(fd));
}

TEST(UniqueFd, MoveLeavesOneOwner)
{
	UniqueFd first(open_null());
	const int fd = first.get();
	{
		const UniqueFd second(std::move(first));
		EXPECT_EQ(second.get(), fd);
		EXPECT_FALSE(first.valid());
	}
	EXPECT_FALSE(is_open(fd));
}

TEST(UniqueFd, AssignmentClosesTheOldOneAtTheLatestWithItsSource)
{
	UniqueFd kept(open_null());
	const int old = kept.get();
	int taken = -1;
	{
		UniqueFd source(open_null());
		taken = source.get();
		kept = std::move(source);
	}
	EXPECT_EQ(kept.get(), taken);
	EXPECT_TRUE(is_open(taken));
	EXPECT_FALSE(is_open(old));
}

TEST(UniqueFd, NothingIsNoDescriptor)
{
	EXPECT_FALSE(UniqueFd().valid());
	EXPECT_FALSE(UniqueFd(-1).valid());
	EXPECT_EQ(UniqueFd().get(), -1);
}

} // namespace
} // namespace exit24
