// SPDX-License-Identifier: GPL-2.0-only
#include "series/diff.hpp"

#include <charconv>

namespace exit24::series {

namespace {

/// The lines of a text, without their ends.
class Lines {
public:
	explicit Lines(std::string_view text) : text_(text) {}

	bool next(std::string_view &line)
	{
		if (at_ >= text_.size())
			return false;
		const auto end = std::min(text_.find('\n', at_), text_.size());
		line = text_.substr(at_, end - at_);
		if (line.ends_with('\r'))
			line.remove_suffix(1);
		at_ = end + 1;
		number_++;
		return true;
	}
	std::size_t number() const { return number_; }

private:
	std::string_view text_;
	std::size_t at_ = 0, number_ = 0;
};

bool number(std::string_view &text, std::size_t &value)
{
	const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
	if (error != std::errc{})
		return false;
	text.remove_prefix(static_cast<std::size_t>(end - text.data()));
	return true;
}

bool take(std::string_view &text, std::string_view prefix)
{
	if (!text.starts_with(prefix))
		return false;
	text.remove_prefix(prefix.size());
	return true;
}

/// "@@ -1,2 +3,4 @@": how many lines of before and of after follow.
bool hunk_header(std::string_view line, std::size_t &before, std::size_t &after)
{
	std::size_t start = 0;
	before = after = 1;
	return take(line, "@@ -") && number(line, start) && (!take(line, ",") || number(line, before)) &&
	       take(line, " +") && number(line, start) && (!take(line, ",") || number(line, after)) && take(line, " @@");
}

/// The path of a "--- " or "+++ " line, without its first folder; "" for /dev/null.
std::string header_path(std::string_view line)
{
	line = line.substr(0, line.find('\t'));
	if (line == "/dev/null")
		return "";
	// "a/" is not there in what some tools print; then git refuses it, too, and says so
	const auto slash = line.find('/');
	return std::string(slash == std::string_view::npos || slash == 0 ? line : line.substr(slash + 1));
}

} // namespace

std::string path_trouble(std::string_view path)
{
	if (path.empty())
		return "an empty path";
	if (path.front() == '/')
		return "an absolute path";
	if (path.front() == '"')
		return "a path with characters that no file of the kernel has";
	std::size_t at = 0;
	for (;;) {
		const auto end = std::min(path.find('/', at), path.size());
		const std::string_view part = path.substr(at, end - at);
		if (part == "..")
			return "a path that leaves the kernel tree";
		if (part == ".git")
			return "a path into a .git folder";
		if (part.empty() || part == ".")
			return "a path that is not in its shortest form";
		if (end == path.size())
			break;
		at = end + 1;
	}
	for (const char c : path)
		if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
			return "a path with a control character";
	return "";
}

Result<std::vector<FileChange>> parse_diff(const std::string &name, std::string_view text)
{
	std::vector<FileChange> files;
	Lines lines(text);
	std::string_view line;
	std::string old_path; // of the last "--- "
	bool git_header = false; // the file at the end of the list has no "+++ " so far
	const auto trouble = [&](const std::string &what) {
		return Error{name + ", line " + std::to_string(lines.number()) + ": " + what};
	};
	const auto check = [&](const std::string &path) -> Result<void> {
		if (const std::string why = path_trouble(path); !why.empty())
			return trouble("the patch changes \"" + path + "\", " + why + "; it is refused");
		return {};
	};
	while (lines.next(line)) {
		std::string_view rest = line;
		std::size_t before = 0, after = 0;
		if (take(rest, "diff --git ")) {
			// Both names are the same but for renames, whose own lines name them.
			const auto half = rest.size() / 2;
			std::string path;
			if (rest.size() % 2 == 1 && rest[half] == ' ' && half > 2 &&
			    rest.substr(2, half - 2) == rest.substr(half + 3))
				path = rest.substr(2, half - 2);
			files.push_back({path, "", false, false, 0, 0});
			git_header = true;
			if (!path.empty())
				if (auto r = check(path); !r)
					return r.error();
		} else if (git_header && (take(rest, "rename from ") || take(rest, "copy from "))) {
			files.back().old_path = rest;
			if (auto r = check(files.back().old_path); !r)
				return r.error();
		} else if (git_header && (take(rest, "rename to ") || take(rest, "copy to "))) {
			files.back().path = rest;
			if (auto r = check(files.back().path); !r)
				return r.error();
		} else if (git_header && take(rest, "new file mode ")) {
			files.back().added = true;
			if (rest == "120000")
				return trouble("the patch makes a symbolic link, " + files.back().path + "; it is refused");
			if (rest == "160000")
				return trouble("the patch makes a submodule, " + files.back().path + "; it is refused");
		} else if (git_header && take(rest, "new mode 120000")) {
			return trouble("the patch makes a symbolic link, " + files.back().path + "; it is refused");
		} else if (git_header && take(rest, "deleted file mode ")) {
			files.back().deleted = true;
		} else if (line == "GIT binary patch" || (line.starts_with("Binary files ") && line.ends_with(" differ"))) {
			return trouble("this is a binary patch" +
				       (files.empty() ? std::string() : " of " + files.back().path) +
				       ", which exit24 does not apply; the kernel's sources are text");
		} else if (take(rest, "--- ") && !rest.empty()) {
			old_path = header_path(rest);
		} else if (take(rest, "+++ ") && (git_header || !old_path.empty() || !rest.empty())) {
			const std::string path = header_path(rest);
			if (!git_header)
				files.push_back({"", "", false, false, 0, 0});
			git_header = false;
			FileChange &file = files.back();
			file.added = file.added || old_path.empty();
			file.deleted = file.deleted || path.empty();
			file.path = path.empty() ? old_path : path;
			if (!old_path.empty() && !path.empty() && old_path != path)
				file.old_path = old_path;
			if (auto r = check(file.path); !r)
				return r.error();
			if (!file.old_path.empty())
				if (auto r = check(file.old_path); !r)
					return r.error();
		} else if (!files.empty() && hunk_header(line, before, after)) {
			const std::size_t start = lines.number();
			while (before > 0 || after > 0) {
				if (!lines.next(line))
					return Error{name + ": the patch ends in the middle of the change that begins in line " +
						     std::to_string(start) + " (" + files.back().path +
						     "); it was cut short"};
				const char kind = line.empty() ? ' ' : line.front();
				if (kind == '\\')
					continue;
				const bool both = kind == ' ' || kind == '\t';
				if ((!both && kind != '+' && kind != '-') || ((both || kind == '-') && before == 0) ||
				    ((both || kind == '+') && after == 0))
					return trouble("this is not a line of the change that begins in line " +
						       std::to_string(start) + " (" + files.back().path +
						       "); was the patch wrapped or edited by hand?");
				before -= both || kind == '-';
				after -= both || kind == '+';
				files.back().plus += kind == '+';
				files.back().minus += kind == '-';
			}
		}
	}
	for (const FileChange &file : files)
		if (file.path.empty())
			return Error{name + ": the patch names a file in a way that exit24 does not understand"};
	return files;
}

bool without_context(std::string_view diff)
{
	Lines lines(diff);
	std::string_view line;
	while (lines.next(line)) {
		std::size_t before = 0, after = 0;
		if (!hunk_header(line, before, after))
			continue;
		bool context = line.starts_with("@@ -0,0 ") || line.find(" +0,0 ") != std::string_view::npos; // a whole file
		while ((before > 0 || after > 0) && lines.next(line)) {
			const bool both = line.empty() || line.front() == ' ';
			context = context || both;
			before -= before > 0 && (both || line.front() == '-');
			after -= after > 0 && (both || line.front() == '+');
		}
		if (!context)
			return true;
	}
	return false;
}

bool is_user_header(std::string_view path)
{
	return path.ends_with(".h") && (path.starts_with("include/uapi/") ||
					(path.starts_with("arch/") && path.find("/include/uapi/") != std::string_view::npos));
}

bool is_document(std::string_view path)
{
	return path.starts_with("Documentation/");
}

bool steers_the_build(std::string_view path)
{
	const std::string_view name = path.substr(path.rfind('/') + 1);
	for (const char *is_run : {"Makefile", "Kbuild", "Kconfig", "gen-", "gen_", "mk"})
		if (name.starts_with(is_run))
			return true;
	for (const char *script : {".sh", ".py", ".pl", ".awk"})
		if (name.ends_with(script))
			return true;
	return path.starts_with("scripts/") || path.starts_with("tools/") || path.find("/tools/") != std::string_view::npos;
}

} // namespace exit24::series
