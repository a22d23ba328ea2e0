// SPDX-License-Identifier: GPL-2.0-only
#include "machine/image.hpp"

#include "base/file.hpp"
#include "machine/scratch.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string>

namespace exit24::machine {
namespace {

template <typename T> void put(std::string &bytes, std::size_t offset, T value)
{
	std::memcpy(bytes.data() + offset, &value, sizeof(value));
}

/// The header of booting.rst, a banner, and a PE header whose one section ends with the file.
std::string arm64_image(const std::string &banner = "Linux version 6.1.0-50-arm64 (gcc) #1 SMP\n")
{
	std::string bytes(8192, '\0');
	put(bytes, 16, std::uint64_t{1} << 25); // with .bss, so more than the file has
	bytes.replace(56, 4, "ARM\x64");
	put(bytes, 60, std::uint32_t{64});
	bytes.replace(64, 4, std::string("PE\0\0", 4));
	put(bytes, 64 + 6, std::uint16_t{1});                // sections
	put(bytes, 64 + 20, std::uint16_t{160});             // the optional header
	put(bytes, 64 + 24 + 160 + 16, std::uint32_t{4096}); // size of the section
	put(bytes, 64 + 24 + 160 + 20, std::uint32_t{4096}); // its place in the file
	bytes.replace(4200, banner.size(), banner);
	for (std::size_t i = 5000; i < bytes.size();
	     i++) // something that does not compress to nothing
		bytes[i] = static_cast<char>(i * i >> 3);
	return bytes;
}

std::string packed(const std::string &content,
		   int (*filter)(archive *) = ::archive_write_add_filter_gzip)
{
	std::string out(content.size() + 65536, '\0');
	std::size_t used = 0;
	archive *a = ::archive_write_new();
	filter(a);
	::archive_write_set_format_raw(a);
	::archive_write_set_bytes_per_block(a, 0);
	archive_entry *entry = ::archive_entry_new();
	::archive_entry_set_filetype(entry, AE_IFREG);
	EXPECT_EQ(::archive_write_open_memory(a, out.data(), out.size(), &used), ARCHIVE_OK);
	EXPECT_EQ(::archive_write_header(a, entry), ARCHIVE_OK);
	EXPECT_EQ(::archive_write_data(a, content.data(), content.size()),
		  static_cast<la_ssize_t>(content.size()));
	EXPECT_EQ(::archive_write_close(a), ARCHIVE_OK);
	::archive_entry_free(entry);
	::archive_write_free(a);
	out.resize(used);
	return out;
}

std::string zboot(const std::string &payload)
{
	std::string bytes(512, '\0');
	bytes.replace(0, 2, "MZ");
	bytes.replace(4, 4, "zimg");
	put(bytes, 8, std::uint32_t{512});
	put(bytes, 12, static_cast<std::uint32_t>(payload.size()));
	bytes.replace(24, 4, "gzip");
	return bytes + payload + std::string(64, '\0');
}

class ImageFile : public testing::Test {
protected:
	Result<Image> load(const std::string &content, const std::string &name = "vmlinuz") const
	{
		EXPECT_TRUE(write_file(scratch_->path(name), content));
		return load_image(scratch_->path(name));
	}

	/// The Error without the file's name in front, or "" if it loads.
	std::string refused(const std::string &content) const
	{
		const auto image = load(content);
		if (image)
			return "";
		const std::string file = scratch_->path("vmlinuz") + ": ";
		EXPECT_EQ(image.error().what.find(file), 0u) << image.error().what;
		return image.error().what.substr(file.size());
	}

	Result<Scratch> scratch_ = Scratch::create();
};

TEST_F(ImageFile, RawImageIsTakenAsItIs)
{
	const auto image = load(arm64_image());
	ASSERT_TRUE(image) << image.error().what;
	EXPECT_EQ(image->content, arm64_image());
	EXPECT_EQ(image->path, scratch_->path("vmlinuz"));
	EXPECT_EQ(image->release, "6.1.0-50-arm64");
	EXPECT_FALSE(image->packed);
}

TEST_F(ImageFile, CompressedImagesAreUnpacked)
{
	for (const std::string &content :
	     {packed(arm64_image()), zboot(packed(arm64_image())),
	      zboot(packed(arm64_image(), ::archive_write_add_filter_zstd)),
	      zboot(packed(arm64_image(), ::archive_write_add_filter_xz))}) {
		const auto image = load(content);
		ASSERT_TRUE(image) << image.error().what;
		EXPECT_TRUE(image->content == arm64_image());
		EXPECT_EQ(image->release, "6.1.0-50-arm64");
		EXPECT_TRUE(image->packed);
	}
}

TEST_F(ImageFile, ReleaseIsThatOfTheBannerElseTheFilesName)
{
	EXPECT_EQ(load(arm64_image("Linux version %s (%s)\nLinux version 7.3.4+ (x)"))->release,
		  "7.3.4+");
	EXPECT_EQ(load(arm64_image("no banner"), "Image-next")->release, "Image-next");
	EXPECT_EQ(load(arm64_image("Linux version 7.3.4\n"), "Image")->release, "Image")
		<< "no space behind it";
}

TEST_F(ImageFile, HeaderTellsThePageSize)
{
	const unsigned sizes[] = {0, 4, 16, 64};
	for (std::uint64_t i = 0; i < std::size(sizes); i++) {
		std::string bytes = arm64_image();
		put(bytes, 24, std::uint64_t{8} | i << 1); // bit 3: placed anywhere
		EXPECT_EQ(load(bytes)->page_kib, sizes[i]);
		put(bytes, 24, std::uint64_t{1} | i << 1);
		EXPECT_EQ(load(packed(bytes))->page_kib, sizes[i]);
	}
}

TEST_F(ImageFile, WhatIsNoArm64ImageIsSaidToBeWhatItIs)
{
	std::string x86(0x300, '\0');
	x86.replace(0x202, 4, "HdrS");
	const std::pair<std::string, const char *> rows[] = {
		{"", "it is empty"},
		{"\x7f"
		 "ELF\x02\x01\x01" +
			 std::string(8192, '\0'),
		 "give the boot image"},
		{"!<arch>\ndebian-binary   " + std::string(8192, '\0'), "it is a package"},
		{x86, "it is an x86 kernel"},
		{"#!/bin/sh\n", "no arm64 magic"},
		{std::string(8192, '\0'), "no arm64 magic"},
		{packed("\x7f"
			"ELF" +
			std::string(8192, '\0')),
		 "give the boot image"},
		{packed("text"), "no arm64 magic"},
		{zboot(packed(x86)), "it is an x86 kernel"},
	};
	for (const auto &[content, words] : rows) {
		const std::string what = refused(content);
		EXPECT_EQ(what.find("not an arm64 kernel image, "), 0u) << what;
		EXPECT_NE(what.find(words), std::string::npos) << what;
		EXPECT_NE(what.find("exit24 takes an Image, Image.gz or EFI zboot"),
			  std::string::npos)
			<< what;
	}
}

TEST_F(ImageFile, FilesThatCannotBeReadAreNamed)
{
	const auto absent = load_image(scratch_->path("absent"));
	ASSERT_FALSE(absent);
	EXPECT_EQ(absent.error().what,
		  "cannot read " + scratch_->path("absent") + ": No such file or directory");
	EXPECT_FALSE(load_image(scratch_->folder()));
}

TEST_F(ImageFile, TruncatedImageIsRefusedWhereverItEnds)
{
	for (const std::string &whole :
	     {arm64_image(), packed(arm64_image()), zboot(packed(arm64_image()))}) {
		ASSERT_EQ(refused(whole), "");
		const std::size_t end = whole.starts_with("MZ") ? whole.size() - 64 : whole.size();
		for (std::size_t size = 0; size < end;
		     size += size < 600 || size + 40 > end ? 1 : 97)
			ASSERT_NE(refused(whole.substr(0, size)), "")
				<< size << " of " << whole.size();
	}
}

TEST_F(ImageFile, TruncationIsSaidToBeOne)
{
	const std::string mend = "copy or build it again";
	const std::string gzip = packed(arm64_image()), z = zboot(gzip);
	for (const std::string &content :
	     {arm64_image().substr(0, 8191), arm64_image().substr(0, 4095),
	      gzip.substr(0, gzip.size() / 2), z.substr(0, z.size() / 2)}) {
		const std::string what = refused(content);
		EXPECT_NE(what.find("cut short"), std::string::npos) << what;
		EXPECT_NE(what.find(mend), std::string::npos) << what;
	}
}

TEST_F(ImageFile, DamagedPayloadIsRefused)
{
	std::string gzip = packed(arm64_image());
	gzip[10] = '\x07'; // a block of a type that there is not
	EXPECT_NE(refused(gzip).find("damaged or cut short"), std::string::npos) << refused(gzip);
	EXPECT_NE(refused(zboot(gzip)).find("damaged or cut short"), std::string::npos);
	EXPECT_NE(refused(zboot("")), "");
	EXPECT_NE(refused(zboot(std::string(5000, 'x'))), "");
}

TEST_F(ImageFile, ChecksumOfGzipIsChecked)
{
	const std::string whole = packed(arm64_image());
	for (std::size_t back = 1; back <= 8; back++) { // the CRC and the size
		std::string gzip = whole;
		gzip[gzip.size() - back] = static_cast<char>(gzip[gzip.size() - back] ^ 1);
		EXPECT_NE(refused(gzip), "") << back;
		EXPECT_NE(refused(zboot(gzip)), "") << back;
	}
	std::string gzip = whole;
	gzip[gzip.size() / 2] = static_cast<char>(gzip[gzip.size() / 2] ^ 0x55);
	EXPECT_NE(refused(gzip).find("checksum does not fit"), std::string::npos) << refused(gzip);
}

TEST_F(ImageFile, HeaderWithNonsenseIsNoReasonToReadOutside)
{
	const std::pair<std::size_t, std::uint32_t> words[] = {
		{16, 0}, // no image size: before v3.17, or cut out of something
		{64 + 24 + 160 + 16, 0xffffffff}, // a section of 4 GiB
		{64 + 24 + 160 + 20, 0xffffffff},
		{64 + 6, 0xffffffff}, // 65535 sections
	};
	for (const auto &[offset, value] : words) {
		std::string bytes = arm64_image();
		put(bytes, offset, value);
		if (offset == 16)
			put(bytes, 20, std::uint32_t{0});
		EXPECT_NE(refused(bytes), "") << offset;
	}
	for (const std::uint32_t place : {0u, 8000u, 8191u, 8192u, 0x7fffffffu}) {
		std::string bytes = arm64_image();
		put(bytes, 60, place); // no PE header there: there need not be one
		EXPECT_EQ(refused(bytes), "") << place;
	}
	for (const std::uint32_t start : {8192u, 0xffffffffu}) {
		std::string bytes = zboot(packed(arm64_image()));
		put(bytes, 8, start);
		EXPECT_NE(refused(bytes).find("zboot image is cut short"), std::string::npos)
			<< start;
		put(bytes, 8, std::uint32_t{512});
		put(bytes, 12, start);
		EXPECT_NE(refused(bytes).find("zboot image is cut short"), std::string::npos)
			<< start;
	}
}

TEST_F(ImageFile, PlaceOfThePeHeaderThatWrapsAroundIsNoException)
{
	std::string bytes = arm64_image();
	put(bytes, 60, std::uint32_t{0xfffffff0});
	EXPECT_NO_THROW((void)load(bytes));
}

} // namespace
} // namespace exit24::machine
