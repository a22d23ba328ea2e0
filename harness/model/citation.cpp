// SPDX-License-Identifier: GPL-2.0-only
#include "model/citation.hpp"

#include <sstream>

namespace exit24::model {

namespace {

bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

std::string_view trim(std::string_view line)
{
	while (!line.empty() && is_space(line.front()))
		line.remove_prefix(1);
	while (!line.empty() && is_space(line.back()))
		line.remove_suffix(1);
	return line;
}

/// The length of a list mark, "- ", "* " or "12. ", at the start of a line; 0 without one.
std::size_t list_mark(std::string_view line)
{
	std::size_t n = 0;
	if (!line.empty() && (line[0] == '-' || line[0] == '*')) {
		n = 1;
	} else {
		while (n < line.size() && line[n] >= '0' && line[n] <= '9')
			n++;
		if (n == 0 || n == line.size() || line[n] != '.')
			return 0;
		n++;
	}
	const std::size_t mark = n;
	while (n < line.size() && is_space(line[n]))
		n++;
	return n > mark ? n : 0;
}

bool begins_sentence(char c)
{
	return (c >= 'A' && c <= 'Z') || c == '\'' || c == '"' || c == '`';
}

void split_paragraph(const std::string &paragraph, std::vector<std::string> &out)
{
	std::size_t start = 0;
	for (std::size_t i = 0; i + 2 < paragraph.size(); i++) {
		const char c = paragraph[i];
		if ((c == '.' || c == '?' || c == '!') && paragraph[i + 1] == ' ' && begins_sentence(paragraph[i + 2])) {
			out.push_back(paragraph.substr(start, i + 1 - start));
			start = i + 2;
		}
	}
	if (start < paragraph.size())
		out.push_back(paragraph.substr(start));
}

void read_text(std::string_view text, bool comment, std::vector<std::string> &out)
{
	std::string paragraph;
	const auto flush = [&] {
		split_paragraph(paragraph, out);
		paragraph.clear();
	};
	const auto append = [&](std::string_view line) {
		bool gap = !paragraph.empty();
		for (const char c : line) {
			if (is_space(c)) {
				gap = true;
				continue;
			}
			if (gap && !paragraph.empty())
				paragraph += ' ';
			gap = false;
			paragraph += c;
		}
	};
	while (!text.empty()) {
		const auto end = text.find('\n');
		std::string_view line = trim(text.substr(0, end));
		text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
		if (comment) {
			std::size_t stars = 0;
			while (stars < line.size() && line[stars] == '*')
				stars++;
			if (stars == line.size() || is_space(line[stars]))
				line = trim(line.substr(stars));
		}
		const std::size_t mark = list_mark(line);
		if (line.empty() || mark > 0)
			flush();
		append(line.substr(mark));
	}
	flush();
}

} // namespace

std::vector<std::string> sentences(const std::string &path, std::string_view content)
{
	std::vector<std::string> out;
	const bool source = path.ends_with(".c") || path.ends_with(".h") || path.ends_with(".S");
	if (!source) {
		read_text(content, false, out);
		return out;
	}
	for (std::size_t at = 0; (at = content.find('/', at)) != std::string_view::npos;) {
		const std::string_view rest = content.substr(at);
		if (rest.starts_with("/*")) {
			const auto end = rest.find("*/", 2);
			if (end == std::string_view::npos)
				break;
			read_text(rest.substr(2, end - 2), true, out);
			at += end + 2;
		} else if (rest.starts_with("//")) {
			const auto end = std::min(rest.find('\n'), rest.size());
			read_text(rest.substr(2, end - 2), true, out);
			at += end;
		} else {
			at++;
		}
	}
	return out;
}

} // namespace exit24::model
