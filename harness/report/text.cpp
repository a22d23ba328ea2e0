// SPDX-License-Identifier: GPL-2.0-only
#include "report/render.hpp"

#include <algorithm>
#include <cstdio>

namespace exit24::report {

namespace {

std::string upper(const std::string &text)
{
	std::string out = one_line(text, 20);
	for (char &c : out)
		if (c >= 'a' && c <= 'z')
			c = static_cast<char>(c - 'a' + 'A');
	return std::string(12 - std::min<std::size_t>(out.size(), 12), ' ') + out;
}

} // namespace

std::string render_text(const View &view, const RenderOptions &)
{
	std::string out;
	for (const SeenCell &cell : view.cells) {
		out += one_line(cell.id, 200) + "\n";
		if (!cell.environment.empty())
			out += "    " + one_line(cell.environment) + "\n";
		if (!cell.skip.empty())
			out += upper("skip") + " the whole mode: " + one_line(cell.skip) + "\n";
		for (const SeenRun &run : cell.cases) {
			const SeenCase &c = run;
			char time[32];
			std::snprintf(time, sizeof(time), " [%7.1fms]  ", static_cast<double>(run.ns) / 1e6);
			const Grade g = grade(c.verdict);
			out += upper(c.verdict) + time + one_line(c.name, 300) +
			       (g == Grade::skipped ? ": " + one_line(c.reason) : "") + "\n";
			if (g == Grade::good || g == Grade::skipped)
				continue;
			for (const std::string &line : details(cell, c))
				out += std::string(15, ' ') + line + "\n";
		}
		out += "    " + tally(cell) + "\n\n";
	}
	return out + "Summary: " + tally(view) + "; exit status " + std::to_string(view.exit_status) + "\n";
}

} // namespace exit24::report
