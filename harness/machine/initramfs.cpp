// SPDX-License-Identifier: GPL-2.0-only
#include "machine/initramfs.hpp"

#include "base/file.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <cstring>
#include <elf.h>

#include <memory>

namespace exit24::machine {

namespace {

bool add(archive *a, const char *name, mode_t type, mode_t mode, const std::string &content)
{
	const std::unique_ptr<archive_entry, void (*)(archive_entry *)> entry(::archive_entry_new(),
									      ::archive_entry_free);
	::archive_entry_set_pathname(entry.get(), name);
	::archive_entry_set_filetype(entry.get(), type);
	::archive_entry_set_perm(entry.get(), mode);
	::archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
	::archive_entry_set_mtime(entry.get(), 0, 0);
	if (type == AE_IFCHR) {
		::archive_entry_set_rdevmajor(entry.get(), 5); // the console
		::archive_entry_set_rdevminor(entry.get(), 1);
	}
	return ::archive_write_header(a, entry.get()) == ARCHIVE_OK &&
	       ::archive_write_data(a, content.data(), content.size()) == static_cast<la_ssize_t>(content.size());
}

/// Whether an ELF file for arm64 has all that its headers say it has.
bool is_whole_program(std::string_view file)
{
	Elf64_Ehdr header;
	if (file.size() < sizeof(header))
		return false;
	std::memcpy(&header, file.data(), sizeof(header));
	if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
	    header.e_machine != EM_AARCH64 || header.e_phoff > file.size() ||
	    (file.size() - header.e_phoff) / sizeof(Elf64_Phdr) < header.e_phnum)
		return false;
	for (unsigned i = 0; i < header.e_phnum; i++) {
		Elf64_Phdr segment;
		std::memcpy(&segment, file.data() + header.e_phoff + i * sizeof(segment), sizeof(segment));
		if (segment.p_offset > file.size() || file.size() - segment.p_offset < segment.p_filesz)
			return false;
	}
	return header.e_phnum > 0;
}

} // namespace

Result<std::string> read_agent(const std::string &path)
{
	auto agent = read_file(path);
	if (!agent)
		return Error{agent.error().what + "; build it: it needs Debian's g++-aarch64-linux-gnu", agent.error().code};
	if (!is_whole_program(*agent))
		return Error{path + ": its " + std::to_string(agent->size()) + " bytes are not a whole program for arm64; build it again"};
	return agent;
}

Result<std::string> make_initramfs(const std::string &agent, const std::string &plan, const std::string &boot)
{
	std::string out(agent.size() + plan.size() + boot.size() + (1 << 16), '\0');
	std::size_t used = 0;
	const std::unique_ptr<archive, int (*)(archive *)> a(::archive_write_new(), ::archive_write_free);
	::archive_write_set_format_cpio_newc(a.get());
	::archive_write_set_bytes_in_last_block(a.get(), 1);
	const bool ok = ::archive_write_open_memory(a.get(), out.data(), out.size(), &used) == ARCHIVE_OK &&
			add(a.get(), "dev", AE_IFDIR, 0755, "") &&
			add(a.get(), "dev/console", AE_IFCHR, 0600, "") && add(a.get(), "init", AE_IFREG, 0755, agent) &&
			add(a.get(), "plan.json", AE_IFREG, 0644, plan) &&
			(boot.empty() || add(a.get(), "boot.json", AE_IFREG, 0644, boot)) &&
			::archive_write_close(a.get()) == ARCHIVE_OK;
	if (!ok) {
		const char *why = ::archive_error_string(a.get());
		return Error{std::string("cannot make the initramfs: ") + (why ? why : "unknown reason")};
	}
	out.resize(used);
	return out;
}

} // namespace exit24::machine
