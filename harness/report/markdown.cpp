// SPDX-License-Identifier: GPL-2.0-only
#include "report/render.hpp"

#include <algorithm>

namespace exit24::report {

namespace {

/// GitHub takes a step summary of 1 MiB and shows none of a longer one.
constexpr std::size_t most_bytes = 1000000;

/// Text that no Markdown reader takes for markup: each character that could be one escaped, in one line.
std::string escape(const std::string &text, std::size_t most = 400)
{
	std::string out;
	for (const char c : one_line(text, most)) {
		if (c == '<')
			out += "&lt;";
		else if (c == '>')
			out += "&gt;";
		else if (c == '&')
			out += "&amp;";
		else if (c == '@') // no mention of a person
			out += "&#64;";
		else if (c == ':') // nor a link
			out += "&#58;";
		else if (std::string_view("\\`*_{}[]()#+!|~").find(c) != std::string_view::npos)
			out += std::string("\\") + c;
		else
			out += c;
	}
	return out;
}

std::string mark(const std::string &verdict)
{
	switch (grade(verdict)) {
	case Grade::good:
		return "✅ pass";
	case Grade::look:
		return "👀 " + escape(verdict, 40);
	case Grade::skipped:
		return "⏭️ skip";
	case Grade::bad:
		return "❌ " + escape(verdict, 40);
	case Grade::broken:
		break;
	}
	return "⚠️ " + escape(verdict, 40);
}

/// A block of code whose fence is longer than any in the text.
std::string block(const std::vector<std::string> &lines)
{
	std::size_t longest = 2, run = 0;
	std::string body;
	for (const std::string &line : lines)
		body += line + "\n";
	for (const char c : body) {
		run = c == '`' ? run + 1 : 0;
		longest = std::max(longest, run);
	}
	const std::string fence(longest + 1, '`');
	return fence + "\n" + body + fence + "\n";
}

} // namespace

std::string render_markdown(const View &view, const RenderOptions &)
{
	std::string out = "## exit24: " + verdict_line(view) + "\n\n" + escape(tally(view), 2000) + "\n\n";
	out += "| kernel | mode | result | environment |\n| --- | --- | --- | --- |\n";
	for (const SeenCell &cell : view.cells) {
		out += "| " + escape(cell.kernel) + " | " + escape(cell.mode) + " | " +
		       (cell.skip.empty() ? escape(tally(cell)) : "skipped\\: " + escape(cell.skip)) + " | " +
		       escape(cell.environment) + " |\n";
	}
	std::size_t left_out = 0;
	for (const SeenCell &cell : view.cells)
		for (const SeenCase &c : cell.cases) {
			if (grade(c.verdict) == Grade::good || grade(c.verdict) == Grade::skipped)
				continue;
			const std::string part = "\n<details><summary>" + mark(c.verdict) + " <code>" + escape(c.name) +
						 "</code> on " + escape(cell.id) + "\n</summary>\n\n" + escape(c.title) +
						 "\n\n" + block(details(cell, c)) + "\n</details>\n";
			if (out.size() + part.size() > most_bytes)
				left_out++;
			else
				out += part;
		}
	if (left_out > 0)
		out += "\n" + std::to_string(left_out) + " more are left out here; the JSON report has all.\n";
	return out;
}

} // namespace exit24::report
