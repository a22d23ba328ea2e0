// SPDX-License-Identifier: GPL-2.0-only
#include "report/render.hpp"

namespace exit24::report {

namespace {

/// A description or diagnostic: '#' begins a directive, and kunit.py stops reading at what a kernel says when it
/// goes down, wherever in a line that stands.
std::string plain(const std::string &text, std::size_t most)
{
	std::string out = ascii(text, most);
	for (char &c : out)
		if (c == '#')
			c = '=';
	for (const std::string_view end : {"List of all partitions:", "Kernel panic - not syncing: VFS:",
					   "reboot: System halted", "KTAP version", "TAP version"})
		for (std::size_t at; (at = out.find(end)) != std::string::npos;)
			out.replace(at + end.find(' '), 1, "  ");
	return out;
}

/// "ok 1 name # SKIP why"
std::string result(const SeenCase &c, const std::string &name, std::size_t n)
{
	const std::string line = std::to_string(n) + " " + plain(name, 300);
	const std::string why = plain(c.reason, 300);
	switch (grade(c.verdict)) {
	case Grade::good:
		return "ok " + line;
	case Grade::look:
		return "ok " + line + (c.verdict == "known-fail" ? " # XFAIL " + plain(c.known, 300) : "");
	case Grade::skipped:
		return "ok " + line + " # SKIP " + why;
	case Grade::bad:
		return "not ok " + line + (c.verdict == "hang" ? " # TIMEOUT " + why : "");
	case Grade::broken:
		break;
	}
	return "not ok " + line + " # ERROR " + why;
}

std::string diagnostics(const SeenCell &cell, const SeenCase &c, const std::string &indent)
{
	std::string out;
	if (grade(c.verdict) == Grade::good || grade(c.verdict) == Grade::skipped)
		return out;
	out += indent + "# verdict: " + plain(c.verdict, 40) + "\n";
	for (const std::string &line : details(cell, c))
		out += indent + "# " + plain(line, 1000) + "\n";
	return out;
}

struct Totals {
	std::size_t pass = 0, fail = 0, xfail = 0, xpass = 0, skip = 0, error = 0;

	void add(const SeenCase &c)
	{
		const Grade g = grade(c.verdict);
		(c.verdict == "known-fail" ? xfail
		 : c.verdict == "fixed"	   ? xpass
		 : g == Grade::skipped	   ? skip
		 : g == Grade::bad	   ? fail
		 : g == Grade::broken	   ? error
					   : pass)++;
	}
	std::string line() const
	{
		return "# Totals: pass:" + std::to_string(pass) + " fail:" + std::to_string(fail) +
		       " xfail:" + std::to_string(xfail) + " xpass:" + std::to_string(xpass) +
		       " skip:" + std::to_string(skip) + " error:" + std::to_string(error) + "\n";
	}
};

} // namespace

std::string render_ktap(const View &view, const RenderOptions &)
{
	const std::string indent = "  ";
	std::string out = "KTAP version 1\n1.." + std::to_string(view.cells.size()) + "\n";
	Totals totals;
	std::size_t number = 0;
	for (const SeenCell &cell : view.cells) {
		number++;
		const std::string name = std::to_string(number) + " " + plain(cell.id, 200);
		if (!cell.skip.empty() || cell.cases.empty()) {
			out += cell.skip.empty() ? "not ok " + name + " # ERROR no case was run\n"
						 : "ok " + name + " # SKIP " + plain(cell.skip, 300) + "\n";
			(cell.skip.empty() ? totals.error : totals.skip)++;
			continue;
		}
		out += indent + "KTAP version 1\n" + indent + "# Subtest: " + plain(cell.id, 200) + "\n" + indent +
		       "1.." + std::to_string(cell.cases.size()) + "\n";
		bool good = true, skipped = true;
		std::size_t n = 0;
		for (const SeenCase &c : cell.cases) {
			out += diagnostics(cell, c, indent) + indent + result(c, c.name, ++n) + "\n";
			good = good && grade(c.verdict) != Grade::bad && grade(c.verdict) != Grade::broken;
			skipped = skipped && grade(c.verdict) == Grade::skipped;
			totals.add(c);
		}
		out += (good ? "ok " : "not ok ") + name + (skipped ? " # SKIP every case was skipped" : "") + "\n";
	}
	return out + totals.line();
}

std::string render_tap13(const View &view, const RenderOptions &)
{
	std::string out;
	Totals totals;
	std::size_t n = 0;
	for (const SeenCell &cell : view.cells) {
		if (!cell.skip.empty()) {
			out += "ok " + std::to_string(++n) + " " + plain(cell.id, 200) + " # SKIP " + plain(cell.skip, 300) + "\n";
			totals.skip++;
		}
		for (const SeenCase &c : cell.cases) {
			out += result(c, cell.id + " " + c.name, ++n) + "\n" + diagnostics(cell, c, "");
			totals.add(c);
		}
	}
	return "TAP version 13\n1.." + std::to_string(n) + "\n" + out + totals.line();
}

} // namespace exit24::report
