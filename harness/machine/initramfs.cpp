// SPDX-License-Identifier: GPL-2.0-only
#include "machine/initramfs.hpp"

#include <archive.h>
#include <archive_entry.h>

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

} // namespace

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
