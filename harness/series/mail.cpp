// SPDX-License-Identifier: GPL-2.0-only
#include "series/mail.hpp"

#include "base/file.hpp"
#include "series/diff.hpp"
#include "series/git.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <optional>

namespace fs = std::filesystem;

namespace exit24::series {

namespace {

constexpr std::size_t size_limit = std::size_t{64} << 20;
constexpr std::size_t patch_limit = 1000;

/// One message, with its headers understood.
struct Mail {
	std::string subject, whole_subject, from, message_id, body;
	int version = 1;
	std::optional<unsigned> number;
	unsigned of = 0;
	bool reply = false;
	bool tagged = false; ///< "[PATCH ...]"
};

std::string trim(std::string_view text)
{
	const auto first = text.find_first_not_of(" \t\r\n");
	if (first == std::string_view::npos)
		return "";
	return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

std::string lower(std::string_view text)
{
	std::string out(text);
	for (char &c : out)
		if (c >= 'A' && c <= 'Z')
			c = static_cast<char>(c - 'A' + 'a');
	return out;
}

int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::string from_quoted_printable(std::string_view text, bool in_header)
{
	std::string out;
	for (std::size_t i = 0; i < text.size(); i++) {
		if (in_header && text[i] == '_') {
			out += ' ';
		} else if (text[i] != '=') {
			out += text[i];
		} else if (i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
			out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
			i += 2;
		} else { // the line goes on
			while (i + 1 < text.size() && (text[i + 1] == ' ' || text[i + 1] == '\r'))
				i++;
			if (i + 1 < text.size() && text[i + 1] == '\n')
				i++;
			else
				out += '=';
		}
	}
	return out;
}

std::string from_base64(std::string_view text)
{
	constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	std::string out;
	unsigned bits = 0, have = 0;
	for (const char c : text) {
		const auto digit = digits.find(c);
		if (digit == std::string_view::npos)
			continue;
		bits = (bits << 6 | static_cast<unsigned>(digit)) & 0xffffff;
		have += 6;
		if (have >= 8) {
			have -= 8;
			out += static_cast<char>(bits >> have & 0xff);
		}
	}
	return out;
}

/// "=?utf-8?q?...?=" as what it stands for.
std::string decode_header(std::string_view text)
{
	std::string out;
	for (;;) {
		const auto begin = text.find("=?");
		const auto q = begin == std::string_view::npos ? begin : text.find('?', begin + 2);
		const auto data = q == std::string_view::npos || q + 3 > text.size() || text[q + 2] != '?' ? std::string_view::npos : q + 3;
		const auto end = data == std::string_view::npos ? data : text.find("?=", data);
		if (end == std::string_view::npos)
			return out + std::string(text);
		const std::string_view before = text.substr(0, begin);
		if (out.empty() || before.find_first_not_of(" \t") != std::string_view::npos)
			out += before;
		const std::string_view word = text.substr(data, end - data);
		out += text[q + 1] == 'b' || text[q + 1] == 'B' ? from_base64(word) : from_quoted_printable(word, true);
		text.remove_prefix(end + 2);
	}
}

/// Takes "[PATCH v2 1/3] " off a subject and understands it.
void understand_subject(Mail &mail)
{
	std::string subject = trim(mail.subject);
	while (lower(subject).starts_with("re:") || lower(subject).starts_with("fwd:")) {
		mail.reply = true;
		subject = trim(std::string_view(subject).substr(subject.find(':') + 1));
	}
	while (subject.starts_with('[')) {
		const auto end = subject.find(']');
		if (end == std::string::npos)
			break;
		std::string tag = subject.substr(1, end - 1);
		subject = trim(std::string_view(subject).substr(end + 1));
		std::replace(tag.begin(), tag.end(), ',', ' ');
		for (std::size_t at = 0; at < tag.size();) {
			const auto stop = std::min(tag.find(' ', at), tag.size());
			std::string_view word = std::string_view(tag).substr(at, stop - at);
			at = stop + 1;
			unsigned n = 0, of = 0;
			const char *last = word.data() + word.size();
			if (lower(word).find("patch") != std::string::npos)
				mail.tagged = true;
			if (lower(word).starts_with("patchv"))
				word.remove_prefix(5);
			if (word.size() > 1 && (word[0] == 'v' || word[0] == 'V') &&
			    std::from_chars(word.data() + 1, last, n).ptr == last && n > 0 && n < 1000)
				mail.version = static_cast<int>(n);
			else if (const auto r = std::from_chars(word.data(), last, n);
				 r.ec == std::errc{} && r.ptr < last && *r.ptr == '/' && std::from_chars(r.ptr + 1, last, of).ptr == last)
				mail.number = n, mail.of = of;
		}
	}
	mail.subject = subject;
}

bool has_diff(std::string_view body)
{
	return body.starts_with("diff --git ") || body.find("\ndiff --git ") != std::string_view::npos ||
	       ((body.starts_with("--- ") || body.find("\n--- ") != std::string_view::npos) &&
		body.find("\n+++ ") != std::string_view::npos);
}

bool is_header(std::string_view line)
{
	const auto colon = line.find(':');
	if (colon == std::string_view::npos || colon == 0)
		return false;
	for (const char c : line.substr(0, colon))
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'))
			return false;
	return true;
}

std::string_view line_at(std::string_view text, std::size_t at)
{
	return text.substr(at, std::min(text.find('\n', at), text.size()) - at);
}

/// A mail with its headers at the beginning.
Result<Mail> parse_mail(const std::string &name, std::string_view text)
{
	Mail mail;
	std::string encoding, type;
	std::string *last = nullptr;
	std::size_t at = 0;
	while (at < text.size()) {
		const std::string_view line = line_at(text, at);
		if (line.empty())
			break;
		if ((line.front() == ' ' || line.front() == '\t') && last) {
			*last += ' ';
			*last += trim(line);
		} else if (is_header(line)) {
			const std::string key = lower(line.substr(0, line.find(':')));
			last = key == "subject" ? &mail.subject : key == "from" ? &mail.from : key == "message-id" ? &mail.message_id
			     : key == "content-transfer-encoding" ? &encoding : key == "content-type" ? &type : nullptr;
			if (last)
				*last = trim(line.substr(line.find(':') + 1));
		} else if (!line.starts_with(">From ")) {
			break; // words already
		}
		at += line.size() + 1;
	}
	mail.body = text.substr(std::min(at, text.size()));
	if (lower(type).starts_with("multipart/"))
		return Error{name + ": the mail \"" + mail.subject + "\" has several parts (" + type.substr(0, type.find(';')) +
			     "), and exit24 reads plain text only; let b4 am, or git mailinfo, make a patch of it"};
	if (lower(encoding) == "quoted-printable")
		mail.body = from_quoted_printable(mail.body, false);
	else if (lower(encoding) == "base64")
		mail.body = from_base64(mail.body);
	mail.subject = decode_header(mail.subject);
	mail.from = decode_header(mail.from);
	mail.whole_subject = mail.subject;
	understand_subject(mail);
	return mail;
}

/// "From 0123... Mon Sep 17 00:00:00 2001": the line between two messages of an mbox.
bool is_mbox_line(std::string_view line)
{
	if (!line.starts_with("From ") || line.size() < 9)
		return false;
	const std::string_view year = line.substr(line.find_last_not_of(" \r") - 3, 4);
	return year.find_first_not_of("0123456789") == std::string_view::npos && line.find(':') != std::string_view::npos;
}

/// A page of an archive, saved or pasted as text: "[PATCH 1/2] subject", then "Name name at host".
std::optional<Mail> parse_page(std::string_view text)
{
	std::vector<std::string> first; // lines with something in them
	for (std::size_t at = 0; at < text.size() && first.size() < 8;) {
		const std::string_view line = line_at(text, at);
		if (!trim(line).empty())
			first.push_back(trim(line));
		at += line.size() + 1;
	}
	for (std::size_t i = 0; i < first.size(); i++) {
		const auto tag = first[i].find("[PATCH");
		if (tag == std::string::npos || first[i].find(": ") < tag)
			continue;
		Mail mail;
		mail.subject = first[i].substr(tag);
		for (std::size_t k = i + 1; k < first.size() && mail.from.empty(); k++)
			if (const auto in = first[k].find(" at "); in != std::string::npos) {
				const auto begin = first[k].rfind(' ', in - 1);
				const std::string address = first[k].substr(begin == std::string::npos ? 0 : begin + 1);
				const auto end = address.find(' ', address.find(" at ") + 4);
				mail.from = (begin == std::string::npos ? "" : first[k].substr(0, begin) + " ") + "<" +
					    address.substr(0, address.find(" at ")) + "@" +
					    address.substr(address.find(" at ") + 4, end - address.find(" at ") - 4) + ">";
			}
		mail.body = text;
		understand_subject(mail);
		return mail;
	}
	return std::nullopt;
}

/// The words of a diff's file name: "0001-fix-it.patch" is "fix it".
std::string words_of(const std::string &name)
{
	std::string words = fs::path(name).stem();
	const auto digits = words.find_first_not_of("0123456789");
	if (digits != std::string::npos && digits > 0 && words[digits] == '-')
		words.erase(0, digits + 1);
	std::replace(words.begin(), words.end(), '-', ' ');
	return words;
}

std::string short_name(const Mail &mail)
{
	return mail.number ? "patch " + std::to_string(*mail.number) + "/" + std::to_string(mail.of) : "\"" + mail.subject + "\"";
}

Patch patch_of(const Mail &mail)
{
	return {short_name(mail), mail.subject, mail.from, mail.body, false};
}

std::string list(const std::vector<std::string> &words)
{
	std::string text;
	for (std::size_t i = 0; i < words.size(); i++)
		text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
	return text;
}

/// The patches of some mails, in order.
Result<Series> arrange(const std::string &name, std::vector<Mail> mails)
{
	Series series;
	// The newest version is meant, and what is no patch is left out.
	std::vector<std::string> versions;
	int newest = 0;
	for (const Mail &mail : mails)
		if (!mail.reply && (mail.tagged || has_diff(mail.body)))
			newest = std::max(newest, mail.version);
	for (int v = 1; v <= newest; v++)
		if (std::any_of(mails.begin(), mails.end(), [&](const Mail &m) { return !m.reply && m.version == v && (m.tagged || has_diff(m.body)); }))
			versions.push_back("v" + std::to_string(v));
	if (versions.size() > 1)
		series.notes.push_back(name + " holds " + list(versions) + "; " + versions.back() + " is taken");
	std::vector<const Mail *> chosen;
	const Mail *first = nullptr; // of the thread
	std::size_t dropped = 0;
	bool cover = false;
	for (const Mail &mail : mails) {
		if (mail.reply) {
			dropped++;
			continue;
		}
		if (mail.version != newest && (mail.tagged || has_diff(mail.body)))
			continue;
		const auto base = mail.body.find("\nbase-commit: ");
		if (base != std::string::npos)
			series.base_commit = trim(line_at(mail.body, base + 14));
		if (mail.number && *mail.number == 0) {
			cover = true;
			series.title = mail.subject;
			first = &mail;
		} else if (has_diff(mail.body)) {
			chosen.push_back(&mail);
		} else if (mail.tagged) {
			return Error{name + ": " + short_name(mail) + " has no change in it"};
		} else {
			dropped++;
		}
	}
	if (dropped > 0)
		series.notes.push_back(std::to_string(dropped) + (dropped == 1 ? " mail of " : " mails of ") + name + " " +
				       (dropped == 1 ? "is no patch and was" : "are no patches and were") + " left out");
	if (chosen.empty())
		return Error{name + (cover ? " holds a cover letter and no patch; give it the whole thread"
					   : " holds no patch: neither a mail with a change nor a diff")};
	if (chosen.size() > patch_limit)
		return Error{name + " holds more than " + std::to_string(patch_limit) + " patches"};
	std::stable_sort(chosen.begin(), chosen.end(), [](const Mail *a, const Mail *b) { return a->number.value_or(0) < b->number.value_or(0); });

	std::map<unsigned, const Mail *> numbers;
	unsigned of = 0;
	for (const Mail *mail : chosen) {
		if (!mail->number)
			continue;
		if (const auto [it, fresh] = numbers.emplace(*mail->number, mail); !fresh)
			return Error{name + " holds two patches " + std::to_string(*mail->number) + "/" + std::to_string(mail->of) + ": \"" +
				     it->second->subject + "\" and \"" + mail->subject + "\"; give it one series"};
		of = std::max(of, mail->of);
	}
	std::vector<std::string> missing;
	for (unsigned n = 1; n <= of && n <= patch_limit; n++)
		if (!numbers.contains(n))
			missing.push_back(std::to_string(n) + "/" + std::to_string(of));
	// A file with one patch of a series is as good as that patch.
	if (!missing.empty() && chosen.size() > 1)
		return Error{name + " does not hold all of the series: " + list(missing) + (missing.size() == 1 ? " is" : " are") + " missing"};
	if (!missing.empty())
		series.part_of = of;
	for (const Mail *mail : chosen)
		series.patches.push_back(patch_of(*mail));
	if (series.title.empty())
		series.title = series.patches.front().subject;
	if (!first)
		first = chosen.front();
	series.message_id = first->message_id;
	series.to = first->from;
	series.subject = first->whole_subject;
	return series;
}

} // namespace

Result<Series> parse_series(const std::string &name, const std::string &original)
{
	std::string text = original;
	std::vector<std::string> notes;
	if (trim(text).empty())
		return Error{name + " is empty"};
	if (text.find('\0') != std::string::npos)
		return Error{name + " is no text; give a mailbox, a patch or a diff"};
	// All of a file with CRLF came through a program that made it so; the kernel's files have none.
	if (const auto first = text.find('\n'); first != std::string::npos && first > 0 && text[first - 1] == '\r') {
		for (std::size_t at = 0; (at = text.find("\r\n", at)) != std::string::npos;)
			text.erase(at, 1);
		notes.push_back(name + " has lines that end with CR LF, which were taken as LF");
	}
	if (!text.ends_with('\n')) {
		text += '\n';
		notes.push_back(name + " has no newline at its end, which was added");
	}
	const auto add_notes = [&](Result<Series> series) {
		if (series)
			series->notes.insert(series->notes.begin(), notes.begin(), notes.end());
		return series;
	};

	const std::string_view view = text;
	std::vector<Mail> mails;
	if (is_mbox_line(line_at(view, 0))) {
		std::size_t begin = line_at(view, 0).size() + 1;
		bool blank = false;
		for (std::size_t at = begin; at <= view.size();) {
			const std::string_view line = at < view.size() ? line_at(view, at) : std::string_view();
			if (at >= view.size() || (blank && is_mbox_line(line))) {
				auto mail = parse_mail(name, view.substr(std::min(begin, view.size()), std::min(at, view.size()) - std::min(begin, view.size())));
				if (!mail)
					return mail.error();
				mails.push_back(std::move(*mail));
				begin = at + line.size() + 1;
			}
			blank = line.empty();
			at += line.size() + 1;
		}
		return add_notes(arrange(name, std::move(mails)));
	}
	// A mail: headers, of which one is the subject
	bool subject = false;
	for (std::size_t at = 0; at < view.size();) {
		const std::string_view line = line_at(view, at);
		if (line.empty() || !(is_header(line) || line.front() == ' ' || line.front() == '\t'))
			break;
		subject = subject || lower(line).starts_with("subject:");
		at += line.size() + 1;
	}
	if (subject) {
		auto mail = parse_mail(name, view);
		if (!mail)
			return mail.error();
		mails.push_back(std::move(*mail));
		return add_notes(arrange(name, std::move(mails)));
	}
	if (!view.starts_with("diff --git ") && !view.starts_with("--- "))
		if (auto page = parse_page(view)) {
			notes.push_back(name + " is no mail but the page of an archive: subject and author (" +
					(page->from.empty() ? "none found" : page->from) + ") are guessed from its first lines");
			mails.push_back(std::move(*page));
			return add_notes(arrange(name, std::move(mails)));
		}
	if (!has_diff(view))
		return Error{name + " holds no patch: neither a mail with a change nor a diff"};
	Series series;
	series.title = words_of(name);
	series.patches.push_back({fs::path(name).filename(), series.title, "", text, false});
	return add_notes(series);
}

Result<Patch> parse_semantic(const std::string &name, const std::string &text)
{
	if (trim(text).empty())
		return Error{name + " is empty"};
	Patch patch{fs::path(name).filename(), words_of(name), "", text, true};
	const std::string mark = "// Subject: ";
	if (const auto at = text.find(mark); at != std::string::npos && (at == 0 || text[at - 1] == '\n')) {
		Mail mail;
		mail.subject = trim(line_at(text, at + mark.size()));
		understand_subject(mail);
		patch.subject = mail.subject;
		if (mail.number)
			patch.name = short_name(mail);
	}
	return patch;
}

static Result<Series> read_file_as_series(const std::string &path)
{
	auto text = read_file(path, size_limit);
	if (!text)
		return text.error();
	if (!path.ends_with(".cocci"))
		return parse_series(path, *text);
	auto patch = parse_semantic(path, *text);
	if (!patch)
		return patch.error();
	Series series;
	series.title = patch->subject;
	series.patches.push_back(std::move(*patch));
	return series;
}

/// The names of quilt's list, without comments and options.
static std::vector<std::string> quilt_names(const std::string &text, std::string &trouble)
{
	std::vector<std::string> names;
	for (std::size_t at = 0; at < text.size();) {
		std::string line(line_at(text, at));
		at += line.size() + 1;
		line = trim(line.substr(0, line.find('#')));
		if (line.empty())
			continue;
		const auto space = line.find_first_of(" \t");
		const std::string options = space == std::string::npos ? "" : trim(std::string_view(line).substr(space));
		if (!options.empty() && options != "-p1")
			trouble = "\"" + line + "\" has options that exit24 does not know; only -p1 is";
		names.push_back(line.substr(0, space));
	}
	return names;
}

static Result<Series> read_folder(const std::string &folder)
{
	std::error_code error;
	std::vector<std::string> names;
	const bool quilt = fs::is_regular_file(folder + "/series", error);
	if (quilt) {
		auto text = read_file(folder + "/series", size_limit);
		if (!text)
			return text.error();
		std::string trouble;
		names = quilt_names(*text, trouble);
		if (!trouble.empty())
			return Error{folder + "/series: " + trouble};
	}
	for (const auto &entry : fs::directory_iterator(folder, error)) {
		const std::string name = entry.path().filename(), extension = entry.path().extension();
		const bool is_patch = extension == ".patch" || extension == ".diff" || extension == ".cocci" ||
				      extension == ".mbx" || extension == ".mbox" || extension == ".eml";
		if (is_patch && entry.is_regular_file(error) && (!quilt || name.starts_with("base.")))
			if (std::find(names.begin(), names.end(), name) == names.end())
				names.push_back(name);
	}
	if (error)
		return Error{"cannot read " + folder + ": " + error.message()};
	if (!quilt)
		std::sort(names.begin(), names.end());
	Series all;
	// "v3-0001-...": of several versions the newest is meant
	const auto version = [](const std::string &name) {
		unsigned v = 1;
		if (name.starts_with('v') && name.find('-') != std::string::npos)
			std::from_chars(name.data() + 1, name.data() + name.find('-'), v);
		return v;
	};
	unsigned newest = 0;
	for (const std::string &name : names)
		if (!name.starts_with("base."))
			newest = std::max(newest, version(name));
	bool older = false;
	for (const std::string &name : names) {
		if (!quilt && !name.starts_with("base.") && version(name) != newest) {
			older = true;
			continue;
		}
		if (name.find("0000-cover-letter") != std::string::npos)
			continue;
		auto series = read_file_as_series(folder + "/" + name);
		if (!series)
			return series.error();
		const bool base = name.starts_with("base.");
		auto &to = base ? all.base : all.patches;
		to.insert(to.end(), series->patches.begin(), series->patches.end());
		if (all.title.empty() && !base)
			all.title = series->title;
		if (!series->base_commit.empty())
			all.base_commit = series->base_commit;
		all.notes.insert(all.notes.end(), series->notes.begin(), series->notes.end());
	}
	if (older)
		all.notes.push_back(folder + " holds several versions; v" + std::to_string(newest) + " is taken");
	if (all.patches.empty())
		return Error{folder + " holds no patch: no *.patch, *.diff, *.cocci or mailbox, and no file \"series\""};
	return all;
}

static Result<Series> read_range(const std::string &range, const std::string &tree)
{
	if (range.starts_with('-'))
		return Error{"\"" + range + "\" is no range of commits"};
	auto commits = git(tree, {"rev-list", "--reverse", "--parents", "--end-of-options", range, "--"});
	if (!commits)
		return commits.error();
	if (!commits->ok)
		return Error{"there is no file \"" + range + "\", and it is no range of commits in " + tree + ": " +
			     trim(line_at(commits->text, 0))};
	std::string first_parent;
	std::size_t n = 0;
	for (std::size_t at = 0; at < commits->text.size(); n++) {
		const std::string line(line_at(commits->text, at));
		at += line.size() + 1;
		if (std::count(line.begin(), line.end(), ' ') > 1)
			return Error{range + " has a merge in it, " + line.substr(0, 12) + "; give a range of plain commits"};
		if (n == 0 && line.find(' ') != std::string::npos)
			first_parent = line.substr(line.find(' ') + 1);
	}
	if (n == 0)
		return Error{range + " holds no commit"};
	if (n > patch_limit)
		return Error{range + " holds more than " + std::to_string(patch_limit) + " commits"};
	if (first_parent.empty())
		return Error{range + " begins with the first commit there is; there is nothing to compare it with"};
	auto mails = git_output(tree, {"format-patch", "--stdout", "--no-signature", "--no-ext-diff", "--no-textconv",
				       "--no-cover-letter", "--no-attach", "--no-add-header", "--subject-prefix=PATCH", "-n", "--end-of-options", range});
	if (!mails)
		return mails.error();
	auto series = parse_series(range, *mails);
	if (!series)
		return series;
	series->base_commit = first_parent;
	return series;
}

Result<Series> read_series(const std::vector<std::string> &arguments, const std::string &tree)
{
	Series all;
	for (const std::string &argument : arguments) {
		std::error_code error;
		const auto status = fs::status(argument, error);
		auto series = fs::is_directory(status) ? read_folder(argument)
			    : fs::exists(status) ? read_file_as_series(argument)
			    : argument.find("..") != std::string::npos && fs::exists(tree + "/.git", error) ? read_range(argument, tree)
			    : Result<Series>(Error{"there is no file \"" + argument + "\"" +
						   (argument.find("..") == std::string::npos ? "" : ", and " + tree + " is no git tree to have a range of commits")});
		if (!series)
			return series;
		if (arguments.size() == 1) {
			if (series->part_of > 0)
				series->notes.push_back(argument + " is one patch of a series of " + std::to_string(series->part_of) +
							" and is taken by itself");
			return series;
		}
		all.patches.insert(all.patches.end(), series->patches.begin(), series->patches.end());
		all.base.insert(all.base.end(), series->base.begin(), series->base.end());
		if (all.title.empty())
			all.title = series->title;
		if (!series->base_commit.empty())
			all.base_commit = series->base_commit;
		all.notes.insert(all.notes.end(), series->notes.begin(), series->notes.end());
	}
	return all;
}

} // namespace exit24::series
