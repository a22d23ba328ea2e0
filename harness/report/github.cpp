// SPDX-License-Identifier: GPL-2.0-only
#include "report/render.hpp"

namespace exit24::report {

namespace {

/// GitHub shows ten annotations of a kind for a step, and drops the others without a word.
constexpr std::size_t most_of_a_kind = 9;

std::string escape(const std::string &text, bool property)
{
	std::string out;
	for (const char c : text) {
		if (c == '%')
			out += "%25";
		else if (c == '\n')
			out += "%0A";
		else if (property && c == ':')
			out += "%3A";
		else if (property && c == ',')
			out += "%2C";
		else
			out += c;
	}
	return out;
}

std::string annotation(const char *kind, const std::string &title, const std::string &message)
{
	return std::string("::") + kind + " title=" + escape(one_line(title, 200), true) + "::" + escape(message, false) +
	       "\n";
}

} // namespace

std::string render_github(const View &view, const RenderOptions &)
{
	std::string out;
	for (const char *kind : {"error", "warning", "notice"}) {
		std::vector<std::string> found;
		for (const SeenCell &cell : view.cells)
			for (const SeenCase &c : cell.cases) {
				const Grade g = grade(c.verdict);
				const char *own = g == Grade::bad || g == Grade::broken ? "error"
						  : c.verdict == "review"		? "warning"
						  : g == Grade::look			? "notice"
											: "";
				if (std::string_view(own) != kind)
					continue;
				std::string message = one_line(c.title, 200);
				for (const std::string &line : details(cell, c))
					message += "\n" + one_line(line, 300);
				found.push_back(annotation(kind, c.verdict + ": " + c.name + " on " + cell.id, message));
			}
		for (std::size_t i = 0; i < found.size() && (i < most_of_a_kind || found.size() == most_of_a_kind + 1); i++)
			out += found[i];
		if (found.size() > most_of_a_kind + 1)
			out += annotation(kind, "exit24", std::to_string(found.size() - most_of_a_kind) +
							  " more; the step's summary has them");
	}
	return out + annotation("notice", "exit24: " + verdict_line(view), tally(view));
}

} // namespace exit24::report
