// SPDX-License-Identifier: GPL-2.0-only
#include "base/file.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/stat.h>

namespace exit24 {
namespace {

namespace fs = std::filesystem;

class File : public testing::Test {
protected:
	File()
	{
		std::string folder = testing::TempDir() + "exit24-XXXXXX";
		folder_ = ::mkdtemp(folder.data());
	}
	~File() override { fs::remove_all(folder_); }

	std::string path(const std::string &name) const { return folder_ + "/" + name; }

	std::size_t files_in_folder() const
	{
		const fs::directory_iterator entries(folder_);
		return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
	}

	std::string folder_;
};

TEST_F(File, WhatIsWrittenIsReadBack)
{
	const std::string content("line\n\0\xff tail", 12);
	ASSERT_TRUE(write_file(path("a"), content));
	const auto read = read_file(path("a"));
	ASSERT_TRUE(read);
	EXPECT_EQ(*read, content);
	EXPECT_EQ(files_in_folder(), 1u) << "something is left beside the file";
}

TEST_F(File, ManyBlocksAreReadWhole)
{
	std::string content;
	for (int i = 0; i < 100000; i++)
		content += std::to_string(i);
	ASSERT_TRUE(write_file(path("a"), content));
	EXPECT_EQ(*read_file(path("a")), content);
}

TEST_F(File, EmptyFileIsNoError)
{
	ASSERT_TRUE(write_file(path("a"), ""));
	ASSERT_TRUE(read_file(path("a")));
	EXPECT_EQ(*read_file(path("a")), "");
}

TEST_F(File, FileOfProcWithoutASizeIsRead)
{
	const auto content = read_file("/proc/self/stat");
	ASSERT_TRUE(content);
	EXPECT_FALSE(content->empty());
}

TEST_F(File, LimitIsInclusive)
{
	ASSERT_TRUE(write_file(path("a"), "12345"));
	EXPECT_TRUE(read_file(path("a"), 5));
	const auto refused = read_file(path("a"), 4);
	ASSERT_FALSE(refused);
	EXPECT_EQ(refused.error().what, "cannot read " + path("a") + ": it is larger than 4 bytes");
	EXPECT_EQ(refused.error().code, EFBIG);
}

TEST_F(File, ErrorsNameTheFileAndTheReason)
{
	const auto absent = read_file(path("absent"));
	ASSERT_FALSE(absent);
	EXPECT_EQ(absent.error().what,
		  "cannot read " + path("absent") + ": No such file or directory");
	EXPECT_EQ(absent.error().code, ENOENT);

	const auto folder = read_file(folder_);
	ASSERT_FALSE(folder);
	EXPECT_EQ(folder.error().what, "cannot read " + folder_ + ": it is a directory");

	const auto written = write_file(path("no/such/folder"), "x");
	ASSERT_FALSE(written);
	EXPECT_EQ(written.error().what,
		  "cannot write " + path("no/such/folder") + ": No such file or directory");
	EXPECT_EQ(written.error().code, ENOENT);

	const auto onto_folder = write_file(folder_, "x");
	ASSERT_FALSE(onto_folder);
	EXPECT_EQ(onto_folder.error().what, "cannot write " + folder_ + ": Is a directory");

	EXPECT_EQ(system_error("cannot do it", EBUSY).what,
		  "cannot do it: Device or resource busy");
	EXPECT_EQ(system_error("cannot do it", EBUSY).code, EBUSY);
}

TEST_F(File, ReaderSeesTheOldFileOrTheNewOne)
{
	ASSERT_TRUE(write_file(path("a"), "old and long"));
	std::ifstream reader(path("a"));
	ASSERT_TRUE(write_file(path("a"), "new"));

	// An open file is not written into: it was replaced.
	EXPECT_EQ(std::string(std::istreambuf_iterator<char>(reader), {}), "old and long");
	EXPECT_EQ(*read_file(path("a")), "new");
}

TEST_F(File, FailedWriteLeavesTheOldFileAsItWas)
{
	ASSERT_TRUE(write_file(path("a"), "old"));
	fs::create_directory(path("a.new")); // where the new content would be written
	EXPECT_FALSE(write_file(path("a"), "new"));
	EXPECT_EQ(*read_file(path("a")), "old");
}

TEST_F(File, DeviceIsWrittenInPlace)
{
	// A full disk is reported, and nothing is made beside the device.
	const auto full = write_file("/dev/full", "x");
	ASSERT_FALSE(full);
	EXPECT_EQ(full.error().what, "cannot write /dev/full: No space left on device");
	EXPECT_EQ(full.error().code, ENOSPC);

	EXPECT_TRUE(write_file("/dev/null", "x"));
	EXPECT_TRUE(fs::is_character_file("/dev/null"));
	EXPECT_FALSE(fs::exists("/dev/null.new"));
}

} // namespace
} // namespace exit24
