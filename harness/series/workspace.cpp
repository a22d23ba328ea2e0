// SPDX-License-Identifier: GPL-2.0-only
#include "series/workspace.hpp"

#include "base/file.hpp"
#include "base/sha256.hpp"
#include "machine/process.hpp"
#include "machine/scratch.hpp"
#include "series/git.hpp"

#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <map>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>

namespace fs = std::filesystem;

namespace exit24::series {

namespace {

constexpr auto lock_patience = std::chrono::minutes(30);
constexpr auto copy_patience = std::chrono::minutes(30);

Error cannot(const std::string &what, const std::error_code &error)
{
	return Error{"cannot " + what + ": " + error.message(), error.value()};
}

Result<void> make_folder(const std::string &path)
{
	std::error_code error;
	fs::create_directories(path, error);
	if (error)
		return cannot("make the folder " + path, error);
	return {};
}

/// The lock of a file, exclusive or shared; waits for another exit24 that has it.
Result<UniqueFd> lock(const std::string &file, bool exclusive, const Progress &progress)
{
	UniqueFd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
	if (!fd.valid())
		return system_error("cannot write " + file, errno);
	const auto end = std::chrono::steady_clock::now() + lock_patience;
	while (::flock(fd.get(), (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return system_error("cannot lock " + file, errno);
		if (machine::interrupted())
			return Error{"interrupted"};
		if (std::chrono::steady_clock::now() > end)
			return Error{"another exit24 has been using " + fs::path(file).parent_path().string() +
				     " for half an hour; end it, or choose another cache with EXIT24_CACHE"};
		if (progress)
			progress("waiting for another exit24 that uses the same tree");
		std::this_thread::sleep_for(std::chrono::milliseconds(100));
	}
	return fd;
}

/// Copies a folder, `how` as of cp.
Result<void> copy_folder(const std::string &from, const std::string &to, std::vector<std::string> how)
{
	const auto cp = machine::find_program("cp");
	if (!cp)
		return Error{"there is no cp"};
	auto scratch = machine::Scratch::create();
	if (!scratch)
		return scratch.error();
	how.insert(how.end(), {"-T", "--", from, to});
	const std::string log = scratch->path("cp");
	auto ran = machine::run({*cp, how, "", std::nullopt}, log, copy_patience);
	if (!ran)
		return ran.error();
	if (ran->how == machine::Ran::succeeded)
		return {};
	const std::string said = read_file(log).has_value() ? *read_file(log) : "";
	return Error{"cannot copy " + from + " to " + to + ": " +
		     (said.empty() ? "stopped by " + ran->end : said.substr(0, said.find('\n')))};
}

/// What a file is, quickly: kind, mode, size and time.
std::string look(const struct stat &st)
{
	return std::to_string(st.st_mode) + " " + std::to_string(S_ISDIR(st.st_mode) ? 0 : st.st_size) + " " +
	       (S_ISDIR(st.st_mode) ? std::string("0") : std::to_string(st.st_mtim.tv_sec) + "." + std::to_string(st.st_mtim.tv_nsec));
}

/// All below a folder, and what each is.
Result<std::map<std::string, std::string>> look_at_all(const std::string &folder)
{
	std::map<std::string, std::string> all;
	std::error_code error;
	for (auto it = fs::recursive_directory_iterator(folder, error); !error && it != fs::end(it); it.increment(error)) {
		struct stat st = {};
		if (::lstat(it->path().c_str(), &st) == 0)
			all[it->path().string().substr(folder.size() + 1)] = look(st);
	}
	if (error)
		return cannot("read the kernel tree " + folder, error);
	return all;
}

std::string as_text(const std::map<std::string, std::string> &all)
{
	std::string text;
	for (const auto &[path, what] : all)
		text += what + " " + path + "\n";
	return text;
}

std::map<std::string, std::string> from_text(const std::string &text)
{
	std::map<std::string, std::string> all;
	for (std::size_t at = 0; at < text.size();) {
		const auto end = std::min(text.find('\n', at), text.size());
		const std::string line = text.substr(at, end - at);
		std::size_t space = 0;
		for (int i = 0; i < 3 && space != std::string::npos; i++)
			space = line.find(' ', space + (i > 0));
		if (space != std::string::npos)
			all[line.substr(space + 1)] = line.substr(0, space);
		at = end + 1;
	}
	return all;
}

/// What a file has in it: a link's target, or the content; nothing if it is neither, or not there.
std::optional<std::string> content_of(const std::string &path)
{
	struct stat st = {};
	if (::lstat(path.c_str(), &st) != 0)
		return std::nullopt;
	if (S_ISLNK(st.st_mode)) {
		std::error_code error;
		return "link to " + fs::read_symlink(path, error).string();
	}
	if (!S_ISREG(st.st_mode))
		return std::nullopt;
	auto content = read_file(path);
	if (!content)
		return std::nullopt;
	return ((st.st_mode & 0111) ? "x" : "-") + *content;
}

bool same_file(const std::string &a, const std::string &b)
{
	struct stat sa = {}, sb = {};
	const bool have_a = ::lstat(a.c_str(), &sa) == 0;
	const bool have_b = ::lstat(b.c_str(), &sb) == 0;
	if (have_a != have_b)
		return false;
	if (!have_a || (sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino))
		return true;
	if ((sa.st_mode & S_IFMT) != (sb.st_mode & S_IFMT))
		return false;
	if (S_ISDIR(sa.st_mode))
		return true;
	return sa.st_size == sb.st_size && content_of(a) == content_of(b);
}

/// Makes `to` what `from` is, as a new file with a new time, so that a file linked to the old one stays as it is.
Result<void> replace(const std::string &from, const std::string &to)
{
	std::error_code error;
	if (!fs::exists(fs::symlink_status(from, error))) {
		fs::remove_all(to, error);
		return {};
	}
	const bool folder = fs::is_directory(fs::symlink_status(from, error));
	if (fs::is_directory(fs::symlink_status(to, error)) != folder)
		fs::remove_all(to, error);
	fs::create_directories(folder ? fs::path(to) : fs::path(to).parent_path(), error);
	if (error)
		return cannot("make the folder of " + to, error);
	if (folder)
		return {};
	const std::string beside = to + ".exit24-new";
	fs::remove(beside, error);
	fs::copy(from, beside, fs::copy_options::copy_symlinks, error);
	if (!error)
		fs::rename(beside, to, error);
	if (error)
		return cannot("write " + to, error);
	return {};
}

/// What stands in the way of writing to a path below `folder` as a plain file: a link on the way to it.
std::string link_on_the_way(const std::string &folder, const std::string &path)
{
	std::error_code error;
	for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
		if (fs::is_symlink(fs::symlink_status(folder + "/" + path.substr(0, slash), error)))
			return path.substr(0, slash);
	return "";
}

} // namespace

Result<Workspace> Workspace::open(Options options)
{
	std::error_code error;
	const fs::path tree = fs::canonical(options.tree, error);
	if (error)
		return cannot("read the kernel tree " + options.tree, error);
	for (const char *part : {"Makefile", "Kconfig", "arch/arm64"})
		if (!fs::exists(tree / part, error) && !fs::exists(tree / ".git", error))
			return Error{options.tree + " is not a kernel tree: it has no " + part +
				     "; give the folder of a git tree or of an unpacked linux-source"};
	Workspace workspace;
	workspace.options_ = std::move(options);
	workspace.options_.tree = tree;
	const fs::path cache = fs::absolute(workspace.options_.cache, error);
	workspace.options_.cache = cache;
	if (cache.string().starts_with(tree.string() + "/"))
		return Error{"exit24's cache " + cache.string() + " is inside the kernel tree, which is never written to; "
			     "choose another place with EXIT24_CACHE"};
	workspace.root_ = cache.string() + "/trees/" + tree.filename().string() + "-" + sha256(tree.string()).substr(0, 12);
	if (auto r = make_folder(workspace.root_ + "/slots"); !r)
		return r.error();
	if (auto r = workspace.bring_up_to_date(); !r)
		return r.error();
	if (auto r = workspace.open_slot(nullptr); !r)
		return r.error();
	if (workspace.fresh_)
		fs::remove(workspace.root_ + "/size", error); // evict() counts again
	return workspace;
}

/// Makes source() what the tree is now, and holds the lock that keeps it so.
Result<void> Workspace::bring_up_to_date()
{
	const Progress &progress = options_.progress;
	std::error_code error;
	const bool is_git = fs::exists(options_.tree + "/.git", error);
	std::map<std::string, std::string> now;
	if (is_git) {
		const std::string wanted = options_.commit.empty() ? "HEAD" : options_.commit;
		auto commit = git_output(options_.tree, {"rev-parse", "--verify", "--quiet", "--end-of-options", wanted + "^{commit}"});
		if (!commit)
			return Error{options_.tree + " has no commit \"" + wanted + "\""};
		commit_ = commit->substr(0, commit->find('\n'));
		auto tree = git_output(options_.tree, {"rev-parse", "--verify", "--quiet", commit_ + "^{tree}"});
		if (!tree)
			return tree.error();
		id_ = tree->substr(0, tree->find('\n'));
	} else {
		if (!options_.commit.empty())
			return Error{options_.tree + " is not a git tree, so it has no commit " + options_.commit};
		auto all = look_at_all(options_.tree);
		if (!all)
			return all.error();
		now = std::move(*all);
		id_ = sha256(as_text(now));
	}
	const std::string id_file = root_ + "/id", manifest = root_ + "/manifest";
	const auto up_to_date = [&] {
		auto id = read_file(id_file);
		return id && *id == id_;
	};
	// Shared is enough to use it; exclusive is only for the time it is changed.
	auto shared = lock(root_ + "/lock", false, progress);
	if (!shared)
		return shared.error();
	tree_lock_ = std::move(*shared);
	::futimens(tree_lock_.get(), nullptr);
	if (up_to_date())
		return {};
	tree_lock_ = UniqueFd();
	auto exclusive = lock(root_ + "/lock", true, progress);
	if (!exclusive)
		return exclusive.error();
	if (!up_to_date()) {
		fresh_ = true;
		if (progress)
			progress("copying the kernel tree into exit24's cache");
		const bool there = fs::is_directory(source(), error) && fs::exists(id_file, error);
		fs::remove(id_file, error); // what follows may be interrupted
		if (is_git) {
			auto objects = git_output(options_.tree, {"rev-parse", "--path-format=absolute", "--git-path", "objects"});
			if (!objects)
				return objects.error();
			const std::string own = root_ + "/git";
			if (!fs::is_directory(own, error))
				if (auto r = git_output(root_, {"init", "--quiet", "--bare", "--template=", own}); !r)
					return r.error();
			// Ours reads the objects of the tree given, and has none of its settings and filters.
			if (auto r = make_folder(own + "/objects/info"); !r)
				return r;
			if (auto r = write_file(own + "/objects/info/alternates", *objects); !r)
				return r;
			if (auto r = make_folder(source()); !r)
				return r;
			if (auto r = git_output(source(), {"--git-dir=" + own, "--work-tree=.", "read-tree", "--reset", "-u", commit_}); !r)
				return r.error();
			// What read-tree took to be there already
			if (auto r = git_output(source(), {"--git-dir=" + own, "--work-tree=.", "checkout-index", "--all", "--force", "--quiet"}); !r)
				return r.error();
		} else {
			auto before = there ? read_file(manifest) : Result<std::string>(Error{""});
			if (before) {
				const auto old = from_text(*before);
				for (const auto &[path, what] : old)
					if (!now.contains(path))
						fs::remove_all(source() + "/" + path, error);
				for (const auto &[path, what] : now)
					if (const auto it = old.find(path); it == old.end() || it->second != what)
						if (auto r = replace(options_.tree + "/" + path, source() + "/" + path); !r)
							return r;
			} else {
				fs::remove_all(source(), error);
				if (auto r = copy_folder(options_.tree, source(), {"-a", "--reflink=auto"}); !r)
					return r;
				// it may be kept from being written to; ours is ours
				fs::permissions(source(), fs::perms::owner_all, fs::perm_options::add, error);
			}
			if (auto r = write_file(manifest, as_text(now)); !r)
				return r;
		}
		for (const char *part : {"Makefile", "Kconfig", "arch/arm64"})
			if (!fs::exists(source() + "/" + part, error))
				return Error{options_.tree + " is not a kernel tree: " +
					     (is_git ? "commit " + commit_.substr(0, 12) : std::string("it")) + " has no " + part};
		if (auto r = write_file(id_file, id_); !r)
			return r;
	}
	if (::flock(exclusive->get(), LOCK_SH) != 0)
		return system_error("cannot lock " + root_, errno);
	tree_lock_ = std::move(*exclusive);
	return {};
}

Result<void> Workspace::open_slot(const Workspace *from)
{
	std::error_code error;
	slot_ = root_ + "/slots/" + std::to_string(options_.slot);
	if (auto r = make_folder(slot_); !r)
		return r;
	auto locked = lock(slot_ + "/lock", true, options_.progress);
	if (!locked)
		return locked.error();
	slot_lock_ = std::move(*locked);

	// A slot is whole when it says which tree it is a view of.
	const std::string id_file = slot_ + "/id";
	auto id = read_file(id_file);
	if (!id || !fs::is_directory(linux_folder(), error)) {
		if (options_.progress)
			options_.progress("making a view of the kernel tree");
		fresh_ = true;
		for (const char *part : {"/linux", "/build", "/touched", "/building", "/apart", "/apart-key"})
			fs::remove_all(slot_ + part, error);
		// Linked from what the build was made of, whatever that is now: the times belong to it.
		if (auto r = copy_folder(from ? from->linux_folder() : source(), linux_folder(), {"-al"}); !r)
			return r;
		if (from && fs::is_directory(from->build_folder(), error)) {
			if (auto r = copy_folder(from->build_folder(), build_folder(), {"-a", "--reflink=auto"}); !r)
				return r;
			fs::copy_file(from->slot_ + "/touched", slot_ + "/touched", error);
			fs::copy_file(from->slot_ + "/building", slot_ + "/building", error);
		}
		if (auto r = make_folder(build_folder()); !r)
			return r;
	} else if (*id != id_) {
		// The tree is another one by now: make this view follow it.
		if (options_.progress)
			options_.progress("bringing the view of the kernel tree up to date");
		auto now = look_at_all(source());
		auto view = look_at_all(linux_folder());
		if (!now || !view)
			return now ? view.error() : now.error();
		fs::remove(id_file, error);
		for (const auto &[path, what] : *view)
			if (!now->contains(path))
				fs::remove_all(linux_folder() + "/" + path, error);
		for (const auto &[path, what] : *now)
			if (!same_file(source() + "/" + path, linux_folder() + "/" + path))
				if (auto r = replace(source() + "/" + path, linux_folder() + "/" + path); !r)
					return r;
	}
	if (auto r = make_folder(build_folder()); !r)
		return r;
	if (auto text = read_file(slot_ + "/touched"); text) {
		for (std::size_t at = 0; at < text->size();) {
			const auto end = std::min(text->find('\n', at), text->size());
			touched_.insert(text->substr(at, end - at));
			at = end + 1;
		}
	}
	if (auto r = undo(); !r)
		return r;
	return write_file(id_file, id_);
}

Result<Workspace> Workspace::another(unsigned n) const
{
	Workspace next;
	next.options_ = options_;
	next.options_.slot = n;
	next.commit_ = commit_;
	next.id_ = id_;
	next.root_ = root_;
	auto shared = lock(root_ + "/lock", false, options_.progress);
	if (!shared)
		return shared.error();
	next.tree_lock_ = std::move(*shared);
	if (auto r = next.open_slot(this); !r)
		return r.error();
	return next;
}

Result<Workspace> Workspace::sheet(const std::string &folder, const std::set<std::string> &paths) const
{
	Workspace sheet;
	sheet.options_ = options_;
	sheet.commit_ = commit_;
	sheet.id_ = id_;
	sheet.root_ = root_;
	sheet.slot_ = folder;
	if (auto r = make_folder(sheet.linux_folder()); !r)
		return r.error();
	for (const std::string &path : paths) {
		const std::string from = linux_folder() + "/" + path;
		std::error_code error;
		if (!path_trouble(path).empty() || !link_on_the_way(linux_folder(), path).empty() ||
		    !fs::is_regular_file(fs::symlink_status(from, error)))
			continue; // applying says so
		if (auto r = replace(from, sheet.linux_folder() + "/" + path); !r)
			return r.error();
	}
	return sheet;
}

Result<std::string> Workspace::build_folder_apart(const std::string &key) const
{
	const std::string apart = slot_ + "/apart", key_file = slot_ + "/apart-key";
	const auto kept = read_file(key_file);
	std::error_code error;
	fs::remove(key_file, error); // until it is kept
	if (kept && *kept == key && fs::is_directory(apart, error))
		return apart;
	drop_apart();
	if (fs::is_directory(build_folder(), error)) {
		if (auto r = copy_folder(build_folder(), apart, {"-a", "--reflink=auto"}); !r)
			return r.error();
	} else if (auto r = make_folder(apart); !r) {
		return r.error();
	}
	return apart;
}

Result<void> Workspace::keep_apart(const std::string &key) const
{
	return write_file(slot_ + "/apart-key", key);
}

void Workspace::drop_apart() const
{
	std::error_code error;
	fs::remove(slot_ + "/apart-key", error);
	fs::remove_all(slot_ + "/apart", error);
}

/// Before a file is changed, so that an interrupt loses none.
Result<void> Workspace::remember(const std::set<std::string> &paths)
{
	const std::size_t before = touched_.size();
	touched_.insert(paths.begin(), paths.end());
	if (touched_.size() == before)
		return {};
	std::string text;
	for (const std::string &path : touched_)
		text += path + "\n";
	return write_file(slot_ + "/touched", text);
}

Result<std::vector<FileChange>> Workspace::apply(const std::string &name, std::string_view diff)
{
	auto files = parse_diff(name, diff);
	if (!files)
		return files;
	if (files->empty())
		return Error{name + " has no change in it"};
	std::set<std::string> paths;
	for (const FileChange &file : *files) {
		for (const std::string &path : {file.path, file.old_path}) {
			if (path.empty())
				continue;
			if (const std::string link = link_on_the_way(linux_folder(), path); !link.empty())
				return Error{name + " changes " + path + ", but " + link + " is a symbolic link; it is refused"};
			paths.insert(path);
		}
	}
	auto scratch = machine::Scratch::create();
	if (!scratch)
		return scratch.error();
	std::string text(diff);
	if (!text.ends_with('\n'))
		text += '\n';
	if (auto r = write_file(scratch->path("diff"), text); !r)
		return r.error();
	std::vector<std::string> how = {"apply", "--whitespace=nowarn"};
	if (without_context(text))
		how.emplace_back("--unidiff-zero");
	const auto with = [&](std::vector<std::string> more) {
		std::vector<std::string> all = how;
		all.insert(all.end(), more.begin(), more.end());
		all.insert(all.end(), {"--", scratch->path("diff")});
		return all;
	};
	auto check = git(linux_folder(), with({"--check"}));
	if (!check)
		return check.error();
	if (!check->ok) {
		auto reverse = git(linux_folder(), with({"--check", "--reverse"}));
		if (reverse && reverse->ok)
			return Error{name + " does not apply: it is in the tree already"};
		// "error: patch failed: a/file.c:12"
		std::string why = check->text;
		for (const char *noise : {"error: patch failed: ", "error: "})
			if (const auto at = why.find(noise); at != std::string::npos) {
				why = why.substr(at + std::string_view(noise).size());
				break;
			}
		why.resize(std::min(why.find('\n'), why.size()));
		std::string kind;
		if (check->text.find("patch failed: ") != std::string::npos)
			kind = "what it changes is not what the tree has at ";
		else if (check->text.find("No such file or directory") != std::string::npos)
			kind = "the tree has no such file: ";
		return Error{name + " does not apply: " + kind + why};
	}
	if (auto r = remember(paths); !r)
		return r.error();
	auto applied = git(linux_folder(), with({}));
	if (!applied)
		return applied.error();
	if (!applied->ok)
		return Error{name + " does not apply: " + applied->text.substr(0, applied->text.find('\n'))};
	return files;
}

Result<void> Workspace::write(const std::string &path, std::string_view content)
{
	if (const std::string why = path_trouble(path); !why.empty())
		return Error{"cannot write \"" + path + "\", " + why};
	if (const std::string link = link_on_the_way(linux_folder(), path); !link.empty())
		return Error{"cannot write " + path + ": " + link + " is a symbolic link"};
	const std::string file = linux_folder() + "/" + path;
	struct stat st = {};
	const bool there = ::lstat(file.c_str(), &st) == 0;
	if (there && !S_ISREG(st.st_mode))
		return Error{"cannot write " + path + ": it is not a plain file"};
	if (there)
		if (auto now = read_file(file); now && *now == content)
			return {};
	if (auto r = remember({path}); !r)
		return r;
	if (auto r = make_folder(fs::path(file).parent_path()); !r)
		return r;
	if (auto r = write_file(file, content); !r)
		return r;
	if (there && ::chmod(file.c_str(), st.st_mode & 07777) != 0)
		return system_error("cannot change " + file, errno);
	return {};
}

Result<void> Workspace::restore(const std::string &path)
{
	const std::string file = linux_folder() + "/" + path;
	if (same_file(source() + "/" + path, file))
		return {};
	if (auto r = replace(source() + "/" + path, file); !r)
		return r;
	// The folders that were made for it
	std::error_code error;
	for (fs::path folder = fs::path(path).parent_path(); !folder.empty(); folder = folder.parent_path()) {
		if (fs::exists(source() / folder, error) || !fs::remove(linux_folder() / folder, error))
			break;
	}
	return {};
}

Result<void> Workspace::undo()
{
	for (const std::string &path : touched_)
		if (auto r = restore(path); !r)
			return r;
	touched_.clear();
	std::error_code error;
	fs::remove(slot_ + "/touched", error);
	return {};
}

std::vector<std::string> Workspace::changed() const
{
	std::vector<std::string> paths;
	for (const std::string &path : touched_)
		if (!same_file(source() + "/" + path, linux_folder() + "/" + path))
			paths.push_back(path);
	return paths;
}

std::string Workspace::content_id() const
{
	std::string text = id_ + "\n";
	for (const std::string &path : changed()) {
		const auto content = content_of(linux_folder() + "/" + path);
		text += path + " " + (content ? sha256(*content) : "gone") + "\n";
	}
	return sha256(text);
}

} // namespace exit24::series
