// SPDX-License-Identifier: GPL-2.0-only
#include "report/render.hpp"

namespace exit24::report {

namespace {

constexpr std::size_t most_excerpt = 16384;

/// A part of a path: what KCIDB takes between two dots.
std::string part(const std::string &text)
{
	std::string out = one_line(text, 200);
	for (char &c : out)
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'))
			c = c == '/' ? '.' : '_';
	std::string path;
	for (const char c : out) // no empty part
		if (c != '.' || (!path.empty() && path.back() != '.'))
			path += c;
	while (!path.empty() && path.back() == '.')
		path.pop_back();
	return path;
}

/// KCIDB tells a broken test (ERROR) from one that the harness never got to (MISS).
const char *status(const SeenCase &c)
{
	switch (grade(c.verdict)) {
	case Grade::good:
		return "PASS";
	case Grade::look:
		return c.verdict == "known-fail" ? "FAIL" : "PASS";
	case Grade::skipped:
		return "SKIP";
	case Grade::bad:
		return "FAIL";
	case Grade::broken:
		break;
	}
	return c.ran ? "ERROR" : "MISS";
}

} // namespace

std::string render_kcidb(const View &view, const RenderOptions &options)
{
	Json out = {{"version", {{"major", 5}, {"minor", 3}}}};
	Json checkouts = Json::array(), builds = Json::array(), tests = Json::array();
	const std::string prefix = options.origin + ":" + view.digest.substr(0, 16) + ":";
	std::size_t n = 0;
	for (const SeenCell &cell : view.cells) {
		const std::string id = prefix + std::to_string(n++);
		checkouts.push_back({{"id", id}, {"origin", options.origin}, {"misc", {{"kernel_release", cell.kernel}}}});
		Json build = {{"id", id}, {"origin", options.origin}, {"checkout_id", id}, {"architecture", "arm64"}};
		if (!cell.image.empty())
			build["misc"] = {{"image_sha256", cell.image}};
		builds.push_back(build);

		const auto add = [&](const std::string &name, const char *is, const Json &more) {
			const std::string path = part(name);
			Json test = {{"id", id + ":" + path},
				     {"origin", options.origin},
				     {"build_id", id},
				     {"path", "exit24" + (path.empty() ? "" : "." + path)},
				     {"status", is},
				     {"environment",
				      {{"comment", one_line("mode " + cell.mode + "; " + cell.environment)},
				       {"misc", {{"mode", cell.mode}, {"emulated", cell.emulated}}}}}};
			test.update(more);
			tests.push_back(std::move(test));
		};
		if (!cell.skip.empty())
			add("", "SKIP", {{"misc", {{"reason", cell.skip}}}});
		for (const SeenRun &run : cell.cases) {
			const SeenCase &c = run;
			Json more = {{"misc", {{"verdict", c.verdict}, {"title", c.title}, {"rules", c.rules}}}};
			if (c.ran)
				more["duration"] = static_cast<double>(run.ns) / 1e9;
			if (grade(c.verdict) != Grade::good) {
				std::string excerpt;
				for (const std::string &line : details(cell, c))
					if (excerpt.size() + line.size() + 1 < most_excerpt)
						excerpt += line + "\n";
				if (!excerpt.empty())
					more["log_excerpt"] = excerpt;
			}
			add(c.name, status(c), more);
		}
	}
	out["checkouts"] = checkouts;
	out["builds"] = builds;
	out["tests"] = tests;
	return out.dump(1, '\t', true, Json::error_handler_t::replace) + "\n";
}

} // namespace exit24::report
