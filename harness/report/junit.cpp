// SPDX-License-Identifier: GPL-2.0-only
#include "report/render.hpp"

#include <pugixml.hpp>

#include <cstdio>
#include <sstream>

namespace exit24::report {

namespace {

std::string seconds(double value)
{
	char text[32];
	std::snprintf(text, sizeof(text), "%.6f", value);
	return text;
}

struct Counts {
	std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;

	void write(pugi::xml_node node) const
	{
		node.append_attribute("tests") = static_cast<unsigned long long>(tests);
		node.append_attribute("failures") = static_cast<unsigned long long>(failures);
		node.append_attribute("errors") = static_cast<unsigned long long>(errors);
		node.append_attribute("skipped") = static_cast<unsigned long long>(skipped);
	}
};

/// A name that may stand between the dots of a class name.
std::string dotless(const std::string &text)
{
	std::string out = one_line(text, 200);
	for (char &c : out)
		if (c == '.')
			c = '_';
	return out;
}

void write_case(pugi::xml_node suite, const SeenCell &cell, const SeenRun &run, Counts &counts)
{
	const SeenCase &c = run;
	counts.tests++;
	pugi::xml_node node = suite.append_child("testcase");
	const std::size_t slash = c.name.find('/');
	const std::string folder = slash == std::string::npos ? "" : "." + dotless(c.name.substr(0, slash));
	node.append_attribute("classname") =
		("exit24." + dotless(cell.kernel) + "." + dotless(cell.mode) + folder).c_str();
	node.append_attribute("name") = one_line(slash == std::string::npos ? c.name : c.name.substr(slash + 1)).c_str();
	node.append_attribute("time") = seconds(static_cast<double>(run.ns) / 1e9).c_str();
	const Grade g = grade(c.verdict);
	if (g == Grade::good)
		return;

	// GitLab shows the text and not the attribute, so the text has all.
	std::string text;
	for (const std::string &line : details(cell, c))
		text += line + "\n";
	if (g == Grade::skipped) {
		counts.skipped++;
		node.append_child("skipped").append_attribute("message") = one_line(c.reason).c_str();
		return;
	}
	if (g == Grade::look) {
		node.append_child("system-out").text() = (c.verdict + "\n" + text).c_str();
		return;
	}
	pugi::xml_node outcome = node.append_child(g == Grade::bad ? "failure" : "error");
	(g == Grade::bad ? counts.failures : counts.errors)++;
	outcome.append_attribute("message") = one_line(c.reason, 400).c_str();
	outcome.append_attribute("type") = one_line(c.verdict, 40).c_str();
	outcome.text() = (c.title + "\n" + text).c_str();
	if (c.ran && run.boot < cell.boots.size() && !cell.boots[run.boot].console.empty())
		node.append_child("system-out").text() = cell.boots[run.boot].console.c_str();
}

} // namespace

std::string render_junit(const View &view, const RenderOptions &)
{
	pugi::xml_document document;
	pugi::xml_node top = document.append_child("testsuites");
	top.append_attribute("name") = "exit24";
	Counts all;
	double time = 0;
	for (const SeenCell &cell : view.cells) {
		pugi::xml_node suite = top.append_child("testsuite");
		suite.append_attribute("name") = one_line(cell.id, 200).c_str();
		Counts counts;
		pugi::xml_node properties = suite.append_child("properties");
		for (const auto &[name, value] : {std::pair{"kernel", cell.kernel}, {"mode", cell.mode},
						  {"environment", cell.environment}, {"image sha256", cell.image},
						  {"repeat", cell.repeat}}) {
			pugi::xml_node property = properties.append_child("property");
			property.append_attribute("name") = name;
			property.append_attribute("value") = one_line(value).c_str();
		}
		if (!cell.skip.empty()) {
			SeenCase whole;
			whole.name = "all";
			whole.verdict = "skip";
			whole.reason = cell.skip;
			write_case(suite, cell, {std::make_shared<SeenCase>(std::move(whole))}, counts);
		}
		double own = 0;
		for (const SeenRun &c : cell.cases) {
			write_case(suite, cell, c, counts);
			own += static_cast<double>(c.ns) / 1e9;
		}
		counts.write(suite);
		suite.append_attribute("time") = seconds(own).c_str();
		time += own;
		all.tests += counts.tests;
		all.failures += counts.failures;
		all.errors += counts.errors;
		all.skipped += counts.skipped;
	}
	all.write(top);
	top.append_attribute("time") = seconds(time).c_str();
	std::ostringstream out;
	document.save(out, "\t");
	return out.str();
}

} // namespace exit24::report
