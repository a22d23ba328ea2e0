// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "series/diff.hpp"

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace exit24::series {

/// A line for a person who waits: what is being done, and how far it is.
using Progress = std::function<void(const std::string &)>;

/// A private view of a kernel tree in exit24's cache, to be changed and built at will. The tree given is only ever
/// read.
///
///     auto workspace = Workspace::open({.cache = cache, .tree = "/usr/src/linux-source-7.3"});
///     workspace->apply("my.patch", diff);            // or write("arch/arm64/kvm/psci.c", content)
///     auto built = Builder::create({...})->build(*workspace);
///     workspace->undo();                             // what the next one begins with
///
/// In the cache, trees/KEY/source is a copy of the tree, brought up to date when the tree changes, and each of
/// trees/KEY/slots/N has a `linux`, whose files are hard links to it until they are changed, and a `build`, the
/// output folder of make. The time of trees/KEY/lock is when it was last used. A file gets a new time only when its content changes, so make rebuilds what depends on
/// it and nothing else. Slots are for workers side by side: open() with another `slot`, or another(), which copies
/// what is built already. A slot belongs to one process at a time, by a lock.
class Workspace {
public:
	struct Options {
		std::string cache;  ///< exit24's folder
		std::string tree;   ///< a git tree, or a bare folder with a kernel's source
		std::string commit; ///< of a git tree; "" for HEAD
		unsigned slot = 0;
		Progress progress = {};
	};
	static Result<Workspace> open(Options options);

	Workspace(Workspace &&) = default;
	Workspace &operator=(Workspace &&) = default;

	/// The next slot (or slot `n`), with a copy of this one's build if it has none. This one must not build meanwhile.
	Result<Workspace> another(unsigned n) const;

	/// A view in `folder`, of ours, that has nothing but these files: to see whether patches apply, without touching
	/// what is built.
	Result<Workspace> sheet(const std::string &folder, const std::set<std::string> &paths) const;

	const std::string &tree() const { return options_.tree; }
	const std::string &commit() const { return commit_; } ///< full id; "" for a bare folder
	std::string linux_folder() const { return slot_ + "/linux"; }
	std::string build_folder() const { return slot_ + "/build"; }
	/// The output folder for a build whose rules are not the tree's own, known by `key`: a copy of build_folder(), so
	/// that it cannot soil that. The same one again only if it was kept after the last build, by keep_apart().
	Result<std::string> build_folder_apart(const std::string &key) const;
	Result<void> keep_apart(const std::string &key) const;
	/// Throws that folder away.
	void drop_apart() const;
	/// Whether a copy or a view of the tree had to be made, so that the cache has grown.
	bool fresh() const { return fresh_; }
	const std::string &cache() const { return options_.cache; }
	const std::string &slot_folder() const { return slot_; }

	/// Applies a unified diff to what is there, all of it or nothing; the files it changes. An Error says in words
	/// why it does not apply, with `name` for the diff. See diff.hpp for what is refused.
	Result<std::vector<FileChange>> apply(const std::string &name, std::string_view diff);
	/// Gives a file of the tree a new content.
	Result<void> write(const std::string &path, std::string_view content);
	/// Back to the tree given.
	Result<void> undo();

	/// The files that differ from the tree given now.
	std::vector<std::string> changed() const;
	/// A hash of the content of all files, equal for equal contents however they came about.
	std::string content_id() const;

private:
	Workspace() = default;
	std::string source() const { return root_ + "/source"; }
	Result<void> bring_up_to_date();
	Result<void> open_slot(const Workspace *from);
	Result<void> remember(const std::set<std::string> &paths);
	Result<void> restore(const std::string &path);

	Options options_;
	std::string commit_;
	std::string id_;   ///< of the content of the tree given
	std::string root_; ///< trees/KEY
	std::string slot_;
	UniqueFd tree_lock_, slot_lock_;
	bool fresh_ = false;
	std::set<std::string> touched_; ///< may differ from source(); a superset, in the file slots/N/touched, too
};

} // namespace exit24::series
