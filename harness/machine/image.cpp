// SPDX-License-Identifier: GPL-2.0-only
#include "machine/image.hpp"

#include "base/file.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <boost/crc.hpp>

#include <cstdint>
#include <cstring>
#include <memory>

namespace exit24::machine {

namespace {

constexpr std::size_t arm64_magic_offset = 56; // "ARM\x64"
constexpr std::size_t image_size_offset = 16;
constexpr std::size_t flags_offset = 24; // bits 1 and 2: the page size
constexpr std::size_t pe_offset_offset = 60;
constexpr std::size_t most_bytes = std::size_t{1} << 29;

template <typename T> T read_at(std::string_view bytes, std::size_t offset)
{
	T value{};
	if (offset + sizeof(T) <= bytes.size())
		std::memcpy(&value, bytes.data() + offset, sizeof(T));
	return value;
}

bool is_raw(std::string_view bytes)
{
	return bytes.size() > 64 && bytes.substr(arm64_magic_offset, 4) == "ARM\x64";
}

bool is_zboot(std::string_view bytes)
{
	return bytes.size() > 64 && bytes.starts_with("MZ") && bytes.substr(4, 4) == "zimg";
}

/// libarchive does not look at the checksum that ends a gzip member (RFC 1952), so we do.
bool gzip_checksum_fits(std::string_view packed, std::string_view content)
{
	boost::crc_32_type crc;
	crc.process_bytes(content.data(), content.size());
	char trailer[8];
	const std::uint32_t wanted[2] = {crc.checksum(), static_cast<std::uint32_t>(content.size())};
	std::memcpy(trailer, wanted, sizeof(trailer));
	// something may follow: padding, the size that a kernel's build appends
	return packed.rfind(std::string_view(trailer, sizeof(trailer))) != std::string_view::npos;
}

Result<std::string> unpack(std::string_view packed, const std::string &path)
{
	const std::unique_ptr<archive, int (*)(archive *)> a(::archive_read_new(), ::archive_read_free);
	::archive_read_support_filter_all(a.get());
	::archive_read_support_format_raw(a.get());
	archive_entry *entry = nullptr;
	std::string out;
	if (::archive_read_open_memory(a.get(), packed.data(), packed.size()) == ARCHIVE_OK &&
	    ::archive_read_next_header(a.get(), &entry) == ARCHIVE_OK) {
		char buffer[1 << 16];
		for (;;) {
			const la_ssize_t n = ::archive_read_data(a.get(), buffer, sizeof(buffer));
			if (n == 0) {
				if (packed.starts_with("\x1f\x8b") && !gzip_checksum_fits(packed, out))
					return Error{path + ": the compressed kernel in it is damaged (its checksum does "
							    "not fit); copy or build it again"};
				return out;
			}
			if (n < 0)
				break;
			out.append(buffer, static_cast<std::size_t>(n));
			if (out.size() > most_bytes)
				return Error{path + ": unpacks to more than 512 MiB; give a kernel image"};
		}
	}
	const char *why = ::archive_error_string(a.get());
	return Error{path + ": the compressed kernel in it is damaged or cut short (" +
		     (why ? why : "unknown reason") + "); copy or build it again"};
}

/// The end of the furthest section that the PE header names, or 0 without one: what the file must hold.
std::size_t end_of_sections(std::string_view bytes)
{
	const std::size_t pe = read_at<std::uint32_t>(bytes, pe_offset_offset);
	if (pe == 0 || bytes.size() < pe + 24 || bytes.substr(pe, 4) != std::string_view("PE\0\0", 4))
		return 0;
	const auto sections = read_at<std::uint16_t>(bytes, pe + 6);
	const std::size_t table = pe + 24 + read_at<std::uint16_t>(bytes, pe + 20);
	std::size_t end = 0;
	for (std::size_t i = 0; i < sections; i++) {
		const std::size_t section = table + 40 * i;
		const std::size_t size = read_at<std::uint32_t>(bytes, section + 16);
		const std::size_t start = read_at<std::uint32_t>(bytes, section + 20);
		end = std::max(end, start + size);
	}
	return end;
}

std::string release_of(std::string_view bytes, const std::string &path)
{
	static constexpr std::string_view banner = "Linux version ";
	for (std::size_t at = 0; (at = bytes.find(banner, at)) != std::string_view::npos; at += banner.size()) {
		const auto release = bytes.substr(at + banner.size(), 128);
		const auto end = release.find(' ');
		const auto word = release.substr(0, end);
		if (end != std::string_view::npos && end > 0 && release[0] >= '0' && release[0] <= '9' &&
		    word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+-_~") ==
			    std::string_view::npos)
			return std::string(release.substr(0, end));
	}
	return path.substr(path.rfind('/') + 1);
}

std::string looks_like(std::string_view bytes)
{
	if (bytes.empty())
		return "it is empty";
	if (bytes.starts_with("\x7f" "ELF"))
		return "it is an ELF file; give the boot image, arch/arm64/boot/Image, not vmlinux";
	if (bytes.starts_with("!<arch>"))
		return "it is a package; give the vmlinuz inside it";
	if (bytes.size() > 0x206 && bytes.substr(0x202, 4) == "HdrS")
		return "it is an x86 kernel";
	return "it has no arm64 magic at byte 56";
}

} // namespace

Result<Image> load_image(const std::string &path)
{
	auto content = read_file(path, most_bytes);
	if (!content)
		return content.error();

	Image image;
	image.path = path;
	image.content = std::move(*content);
	if (is_zboot(image.content)) {
		const std::size_t start = read_at<std::uint32_t>(image.content, 8);
		const std::size_t size = read_at<std::uint32_t>(image.content, 12);
		if (start > image.content.size() || size > image.content.size() - start)
			return Error{path + ": the EFI zboot image is cut short; copy or build it again"};
		auto unpacked = unpack(std::string_view(image.content).substr(start, size), path);
		if (!unpacked)
			return unpacked.error();
		image.content = std::move(*unpacked);
		image.packed = true;
	} else if (image.content.starts_with("\x1f\x8b")) {
		auto unpacked = unpack(image.content, path);
		if (!unpacked)
			return unpacked.error();
		image.content = std::move(*unpacked);
		image.packed = true;
	}
	if (!is_raw(image.content))
		return Error{path + ": not an arm64 kernel image, " + looks_like(image.content) +
			     "; exit24 takes an Image, Image.gz or EFI zboot (vmlinuz.efi)"};
	if (read_at<std::uint64_t>(image.content, image_size_offset) == 0 || image.content.size() < 4096 ||
	    image.content.size() < end_of_sections(image.content))
		return Error{path + ": the kernel image is cut short; copy or build it again"};
	static constexpr unsigned page_kib[] = {0, 4, 16, 64};
	image.page_kib = page_kib[read_at<std::uint64_t>(image.content, flags_offset) >> 1 & 3];
	image.release = release_of(image.content, path);
	return image;
}

} // namespace exit24::machine
