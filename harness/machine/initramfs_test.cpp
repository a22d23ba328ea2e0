// SPDX-License-Identifier: GPL-2.0-only
#include "machine/initramfs.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace exit24::machine {
namespace {

struct Entry {
	unsigned type = 0, permissions = 0;
	std::string content;
	std::int64_t major = 0, minor = 0, time = 0;
};

/// All entries in their order, by libarchive.
std::vector<std::pair<std::string, Entry>> entries(const std::string &bytes)
{
	std::vector<std::pair<std::string, Entry>> out;
	archive *a = ::archive_read_new();
	::archive_read_support_format_cpio(a);
	EXPECT_EQ(::archive_read_open_memory(a, bytes.data(), bytes.size()), ARCHIVE_OK);
	archive_entry *e = nullptr;
	int status = ARCHIVE_OK;
	while ((status = ::archive_read_next_header(a, &e)) == ARCHIVE_OK) {
		Entry entry;
		entry.type = ::archive_entry_filetype(e);
		entry.permissions = ::archive_entry_perm(e);
		entry.major = static_cast<std::int64_t>(::archive_entry_rdevmajor(e));
		entry.minor = static_cast<std::int64_t>(::archive_entry_rdevminor(e));
		entry.time = ::archive_entry_mtime(e);
		entry.content.resize(static_cast<std::size_t>(::archive_entry_size(e)));
		EXPECT_EQ(::archive_read_data(a, entry.content.data(), entry.content.size()),
			  static_cast<la_ssize_t>(entry.content.size()));
		out.emplace_back(::archive_entry_pathname(e), entry);
	}
	EXPECT_EQ(status, ARCHIVE_EOF);
	EXPECT_STREQ(::archive_format_name(a), "ASCII cpio (SVR4 with no CRC)")
		<< "the only one that Linux reads";
	::archive_read_free(a);
	return out;
}

TEST(Initramfs, HasTheAgentAsInitThePlanAndAConsole)
{
	const std::string agent("\x7f"
				"ELF\0\xff",
				6);
	const auto made = make_initramfs(agent, "{\"plan\":1}");
	ASSERT_TRUE(made) << made.error().what;
	const auto list = entries(*made);
	ASSERT_EQ(list.size(), 4u);
	EXPECT_EQ(list[0].first, "dev") << "before what is in it";

	const std::map<std::string, Entry> by_name(list.begin(), list.end());
	EXPECT_EQ(by_name.at("dev").type, unsigned{AE_IFDIR});
	EXPECT_EQ(by_name.at("dev").permissions, 0755u);
	EXPECT_EQ(by_name.at("init").type, unsigned{AE_IFREG});
	EXPECT_EQ(by_name.at("init").permissions, 0755u);
	EXPECT_EQ(by_name.at("init").content, agent);
	EXPECT_EQ(by_name.at("plan.json").permissions, 0644u);
	EXPECT_EQ(by_name.at("plan.json").content, "{\"plan\":1}");
	// Without it the kernel has no stdin, stdout and stderr to give to init.
	EXPECT_EQ(by_name.at("dev/console").type, unsigned{AE_IFCHR});
	EXPECT_EQ(by_name.at("dev/console").major, 5);
	EXPECT_EQ(by_name.at("dev/console").minor, 1);
}

TEST(Initramfs, SizesOfAllAlignmentsAreReadBack)
{
	for (std::size_t size = 0; size < 9; size++) {
		const std::string agent(3'000'000 + size, 'a'), plan(size, 'p');
		const auto made = make_initramfs(agent, plan);
		ASSERT_TRUE(made) << made.error().what;
		const auto list = entries(*made);
		ASSERT_EQ(list.size(), 4u);
		EXPECT_TRUE(list[2].second.content == agent) << size;
		EXPECT_EQ(list[3].second.content, plan);
	}
}

TEST(Initramfs, SameInputGivesTheSameBytes)
{
	const auto first = make_initramfs("agent", "plan"),
		   second = make_initramfs("agent", "plan");
	ASSERT_TRUE(first && second);
	EXPECT_TRUE(*first == *second);
	for (const auto &[name, entry] : entries(*first))
		EXPECT_EQ(entry.time, 0) << name;
}

} // namespace
} // namespace exit24::machine
