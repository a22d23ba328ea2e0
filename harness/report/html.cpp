// SPDX-License-Identifier: GPL-2.0-only
#include "report/render.hpp"

#include "base/sha256.hpp"
#include "report/html_assets.hpp"
#include "report/page_map.hpp"
#include "report/timeline.hpp"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <map>
#include <set>

namespace exit24::report {

namespace {

/// Text as it stands between tags and within quotes.
std::string esc(std::string_view text)
{
	std::string out;
	for (const char c : clean(text)) {
		switch (c) {
		case '&':
			out += "&amp;";
			break;
		case '<':
			out += "&lt;";
			break;
		case '>':
			out += "&gt;";
			break;
		case '"':
			out += "&quot;";
			break;
		case '\'':
			out += "&#39;";
			break;
		default:
			out += c;
		}
	}
	return out;
}

std::string line(std::string_view text, std::size_t most = 2000)
{
	return esc(one_line(text, most));
}

std::string num(std::size_t n)
{
	return std::to_string(n);
}

/// "sha256-..." as a Content-Security-Policy takes it: only our own style and script are let in, so markup in a
/// report could do nothing even if it were not escaped.
std::string policy_hash(std::string_view content)
{
	static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const std::string hex = sha256(content);
	std::string out = "'sha256-";
	for (std::size_t at = 0; at < 32; at += 3) {
		std::uint32_t three = 0;
		for (std::size_t i = 0; i < 3; i++)
			three = three << 8 |
				(at + i < 32 ? static_cast<std::uint32_t>(std::stoul(hex.substr(2 * (at + i), 2), nullptr, 16)) : 0);
		for (int i = 3; i >= 0; i--)
			out += digits[three >> (6 * i) & 63];
	}
	out.back() = '='; // 32 bytes are 43 characters
	return out + "'";
}

const char *css(Grade g)
{
	switch (g) {
	case Grade::good:
		return "good";
	case Grade::look:
		return "look";
	case Grade::skipped:
		return "skipped";
	case Grade::bad:
		return "bad";
	case Grade::broken:
		break;
	}
	return "broken";
}

std::string chip(const std::string &verdict)
{
	return std::string("<span class=\"chip ") + css(grade(verdict)) + "\">" + line(verdict, 40) + "</span>";
}

std::string ms(std::uint64_t ns)
{
	char text[32];
	std::snprintf(text, sizeof(text), "%.1f ms", static_cast<double>(ns) / 1e6);
	return text;
}

std::string seconds(std::uint64_t milliseconds)
{
	char text[32];
	std::snprintf(text, sizeof(text), "%.1f s", static_cast<double>(milliseconds) / 1e3);
	return text;
}

/// A power of two of nanoseconds, short.
std::string duration(std::uint64_t ns)
{
	char text[32];
	if (ns < 1'000'000'000)
		std::snprintf(text, sizeof(text), ns < 10'000'000 ? "%.1fms" : "%.0fms", static_cast<double>(ns) / 1e6);
	else
		std::snprintf(text, sizeof(text), "%.1fs", static_cast<double>(ns) / 1e9);
	return text;
}

std::string percent(std::uint64_t part, std::uint64_t whole)
{
	char text[32];
	std::snprintf(text, sizeof(text), "%.1f%%", whole ? 100.0 * static_cast<double>(part) / static_cast<double>(whole) : 0.0);
	return text;
}

/// All that a page shows, in the order in which it does.
class Page {
public:
	explicit Page(const View &view) : view_(view)
	{
		for (std::size_t i = 0; i < view.cells.size(); i++)
			for (const SeenCase &c : view.cells[i].cases) {
				if (!rows_.contains(c.name)) {
					numbers_[c.name] = order_.size();
					order_.push_back(c.name);
				}
				rows_[c.name].emplace(i, &c);
			}
	}

	std::string str()
	{
		const Grade all = view_.exit_status == 0 ? Grade::good : view_.exit_status == 1 ? Grade::bad : Grade::broken;
		out_ = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
		       "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
		       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; "
		       "form-action 'none'; style-src " +
		       policy_hash(page_style) + "; script-src " + policy_hash(page_script) +
		       "\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>exit24: " + verdict_line(view_) +
		       "</title>\n<style>" + page_style + "</style></head>\n<body>\n"
		       "<header><a class=\"skip-link\" href=\"#main\">to the report</a></header>\n<main id=\"main\">\n"
		       "<div class=\"verdict " + css(all) + "\"><h1>exit24: " + verdict_line(view_) + "</h1><p>" +
		       line(tally(view_)) + "</p></div>\n";
		cells();
		attention();
		changes();
		out_ += "<h2 id=\"matrix\">Matrix</h2>\n"
			"<div class=\"tools\" id=\"tools\" hidden><label>filter <input id=\"words\" type=\"search\" "
			"placeholder=\"words, rules\"></label> <label>verdict <select id=\"kind\"><option value=\"\">all</option>"
			"<option value=\"bad\">fail, hang, crash</option><option value=\"broken\">error</option>"
			"<option value=\"look\">review, known</option><option value=\"skipped\">skip</option>"
			"<option value=\"good\">pass</option></select></label> <span id=\"count\" class=\"dim\" "
			"role=\"status\"></span></div>\n";
		rules();
		matrix();
		timing();
		coverage();
		out_ += "<h2 id=\"cases\">Cases</h2>\n";
		for (const std::string &name : order_)
			one_case(name);
		pages();
		guests();
		out_ += "</main>\n<footer><p>Made by exit24 " + line(view_.version, 40) + " from a report with SHA-256 <code>" +
			view_.digest + "</code>. This page loads nothing from anywhere.</p></footer>\n<script>" + page_script +
			"</script>\n</body></html>\n";
		return std::move(out_);
	}

private:
	/// The heads of the columns of the cells, kernels above modes.
	std::string heads(const std::string &first) const
	{
		std::string kernels, modes;
		for (std::size_t i = 0; i < view_.cells.size();) {
			std::size_t end = i + 1;
			while (end < view_.cells.size() && view_.cells[end].kernel == view_.cells[i].kernel)
				end++;
			kernels += "<th scope=\"colgroup\" colspan=\"" + num(end - i) + "\">" + line(view_.cells[i].kernel, 80) + "</th>";
			for (; i < end; i++)
				modes += "<th scope=\"col\">" + line(view_.cells[i].id.substr(view_.cells[i].kernel.size() + 1), 60) + "</th>";
		}
		return "<thead><tr><th scope=\"col\" rowspan=\"2\">" + first + "</th>" + kernels + "</tr><tr>" + modes + "</tr></thead>\n";
	}

	static std::string region(const std::string &label)
	{
		return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + label + "\">";
	}

	std::string link(const std::string &name) const
	{
		return "<a href=\"#case-" + num(numbers_.at(name)) + "\"><code>" + line(name, 300) + "</code></a>";
	}

	void cells()
	{
		out_ += region("kernels and modes") + "<table><caption>kernels and modes</caption><thead><tr><th scope=\"col\">kernel"
			"</th><th scope=\"col\">mode</th><th scope=\"col\">result</th><th scope=\"col\">where</th>"
			"<th scope=\"col\">boots</th><th scope=\"col\">time</th></tr></thead>\n<tbody>";
		for (const SeenCell &cell : view_.cells) {
			std::vector<const SeenCase *> cases;
			for (const SeenCase &c : cell.cases)
				cases.push_back(&c);
			out_ += "<tr><th scope=\"row\">" + line(cell.kernel, 80) + "</th><td>" +
				line(cell.id.substr(cell.kernel.size() + 1), 60) + "</td><td class=\"wide\">" +
				(cell.skip.empty() ? line(tally(cases)) : chip("skip") + " " + line(cell.skip)) + "</td><td class=\"short\">" +
				line(cell.place, 80) + "</td><td>" + num(cell.boots.size()) + "</td><td class=\"short\">" + seconds(cell.wall_ms) +
				"</td></tr>\n";
		}
		out_ += "</tbody></table></div>\n";
	}

	/// What a person has to look at, first.
	void attention()
	{
		const std::pair<Grade, const char *> kinds[] = {{Grade::bad, "What the kernel does otherwise"},
							       {Grade::broken, "What could not be judged"},
							       {Grade::look, "To look at, and not red"}};
		for (const auto &[wanted, title] : kinds) {
			struct Item {
				std::string verdict, what, where;
				std::vector<const std::string *> names;
			};
			std::vector<Item> items; // cases that came to the same for the same reason are one
			for (const std::string &name : order_) {
				Item item;
				for (const auto &[cell, c] : rows_.at(name)) {
					if (grade(c->verdict) != wanted)
						continue;
					if (item.where.empty()) {
						item.verdict = c->verdict;
						item.what = line(c->known.empty() ? c->reason : c->known, 300);
					}
					item.where += (item.where.empty() ? "" : ", ") + line(view_.cells[cell].id, 80);
				}
				if (item.where.empty())
					continue;
				const auto same = std::find_if(items.begin(), items.end(), [&](const Item &i) {
					return i.verdict == item.verdict && i.what == item.what && i.where == item.where;
				});
				(same != items.end() ? *same : items.emplace_back(item)).names.push_back(&name);
			}
			if (items.empty())
				continue;
			constexpr std::size_t most = 30;
			out_ += "<h2>" + std::string(title) + "</h2>\n<ul>";
			for (std::size_t n = 0; n < std::min(items.size(), most); n++) {
				const Item &item = items[n];
				out_ += "<li>" + chip(item.verdict) + " ";
				if (item.names.size() == 1) {
					out_ += link(*item.names.front()) + " " + item.what + " <span class=\"dim\">(" + item.where + ")</span></li>\n";
					continue;
				}
				out_ += "<b>" + num(item.names.size()) + " cases:</b> " + item.what + " <span class=\"dim\">(" + item.where + ")</span><br>";
				for (std::size_t i = 0; i < std::min(item.names.size(), most); i++)
					out_ += (i ? " \xc2\xb7 " : "") + link(*item.names[i]);
				out_ += item.names.size() > most ? " and more</li>\n" : "</li>\n";
			}
			out_ += std::string("</ul>\n") + (items.size() > most ? "<p>and " + num(items.size() - most) + " more, in the matrix</p>\n" : "");
		}
	}

	void changes()
	{
		const auto stretches = timeline(view_);
		if (stretches.empty())
			return;
		out_ += "<h2 id=\"timeline\">From kernel to kernel</h2>\n";
		std::string rows;
		for (const Milestone &m : milestones(stretches)) {
			std::string modes, cases;
			for (const std::string &mode : m.modes)
				modes += (modes.empty() ? "" : ", ") + line(mode, 40);
			for (const std::string &name : m.cases)
				cases += "<li>" + link(name) + "</li>";
			rows += "<tr><td>" + line(m.before, 80) + " \xe2\x86\x92 <b>" + line(m.after, 80) + "</b></td><td class=\"" + css(grade(m.turn)) + "\">" +
				std::string(name(m.turn)) + "</td><th scope=\"row\">" + line(m.what, 600) + "</th><td>" + modes +
				"</td><td>" + (m.cases.size() == 1 ? link(*m.cases.begin())
								   : "<details><summary>" + num(m.cases.size()) + " cases</summary><ul>" +
									     cases + "</ul></details>") + "</td></tr>\n";
		}
		if (!rows.empty())
			out_ += region("what came, changed and went") + "<table><caption>what came, changed and went</caption><thead><tr><th scope=\"col\">kernel</th>"
				"<th scope=\"col\">change</th><th scope=\"col\">what</th><th scope=\"col\">modes</th><th scope=\"col\">seen by</th></tr></thead>\n<tbody>" +
				rows + "</tbody></table></div>\n";
		for (const Stretch &s : stretches) {
			out_ += "<h3>" + line(s.before->id, 100) + " \xe2\x86\x92 " + line(s.after->id, 100) + "</h3>\n<p>" +
				num(s.changes.size()) + " cases differ, " + num(s.same) + " saw the same";
			if (s.only_before + s.only_after > 0)
				out_ += ", " + num(s.only_before + s.only_after) + " were run on one of the two only";
			out_ += "</p>\n";
			for (std::size_t at = 0; at < s.changes.size();) {
				const Turn turn = s.changes[at].turn;
				std::string items;
				std::size_t n = 0;
				for (; at < s.changes.size() && s.changes[at].turn == turn; at++, n++)
					items += "<li>" + link(s.changes[at].after->name) + " " + line(s.changes[at].after->title, 120) +
						 "<br><span class=\"dim\">" + line(s.changes[at].how, 600) + "</span></li>\n";
				out_ += "<details><summary>" + std::string(name(turn)) + ": " +
					num(n) + "</summary><ul>" + items + "</ul></details>\n";
			}
		}
	}

	static Grade grade(Turn turn)
	{
		return turn == Turn::broke ? Grade::bad : turn == Turn::mended || turn == Turn::came ? Grade::good : Grade::look;
	}
	static Grade grade(const std::string &verdict) { return report::grade(verdict); }

	/// The worst verdict of a rule's cases in one cell.
	void rules()
	{
		std::map<std::string, std::vector<const std::string *>> cases;
		for (const std::string &name : order_)
			for (const std::string &rule : rows_.at(name).begin()->second->rules)
				cases[rule].push_back(&name);
		if (cases.empty())
			return;
		std::string body, squares;
		std::size_t n = 0;
		for (const auto &[rule, names] : cases) {
			std::string row, grades;
			Grade worst = Grade::good;
			bool judged = false;
			for (std::size_t i = 0; i < view_.cells.size(); i++) {
				const SeenCase *shown = nullptr;
				for (const std::string *name : names) {
					const auto it = rows_.at(*name).find(i);
					if (it != rows_.at(*name).end() && (!shown || rank(it->second->verdict) > rank(shown->verdict)))
						shown = it->second;
				}
				if (!shown) {
					row += "<td class=\"dim\">-</td>";
					continue;
				}
				const Grade g = grade(shown->verdict);
				judged = judged || g != Grade::skipped;
				if (rank(shown->verdict) > rank_of(worst))
					worst = g;
				grades += std::string(css(g)) + " ";
				row += std::string("<td class=\"") + css(g) + "\"><a href=\"#case-" + num(numbers_.at(shown->name)) +
				       "\">" + line(shown->verdict, 40) + "</a></td>";
			}
			std::string list;
			for (const std::string *name : names)
				list += "<li>" + link(*name) + "</li>";
			body += "<tr id=\"rule-" + line(rule, 40) + "\" data-grades=\"" + grades +
				"\"><th scope=\"row\"><details><summary><code>" + line(rule, 40) + "</code> <span class=\"dim\">" +
				num(names.size()) + (names.size() == 1 ? " case" : " cases") + "</span></summary>" + says(rule) + "<ul>" +
				list + "</ul></details></th>" + row + "</tr>\n";
			squares += std::string("<a tabindex=\"-1\" class=\"") + css(judged ? worst : Grade::skipped) + "\" href=\"#rule-" +
				   line(rule, 40) + "\" title=\"" + line(rule, 40) + "\"></a>";
			n++;
		}
		std::string uncovered;
		std::size_t without = 0;
		for (const auto &[rule, seen] : view_.rules)
			if (!seen.uncovered.empty()) {
				without++;
				uncovered += "<li><code>" + line(rule, 40) + "</code> " + line(seen.says, 400) + "<br><span class=\"dim\">" +
					     line(seen.uncovered, 600) + "</span></li>\n";
			}
		out_ += "<p>Each square is one of the " + num(n) + " rules that these cases check, in its worst verdict over all kernels "
			"and modes; the table by rule says the same.</p>\n<div class=\"squares\" aria-hidden=\"true\">" + squares + "</div>\n<details><summary>by rule</summary>" +
			region("verdicts by rule") + "<table class=\"matrix\"><caption>the worst verdict of each rule's cases</caption>" +
			heads("rule") + "<tbody>" + body + "</tbody></table></div></details>\n";
		if (without > 0)
			out_ += "<details><summary>rules that no case checks, and why: " + num(without) + " of " + num(view_.rules.size()) +
				"</summary><ul>" + uncovered + "</ul></details>\n";
	}

	/// A rule in words, if the report has them.
	std::string says(const std::string &rule) const
	{
		const auto it = view_.rules.find(rule);
		return it == view_.rules.end() || it->second.says.empty() ? "" : "<p>" + line(it->second.says, 600) + "</p>";
	}

	static int rank_of(Grade g)
	{
		return g == Grade::skipped ? -1 : g == Grade::good ? 0 : g == Grade::look ? 1 : g == Grade::broken ? 2 : 3;
	}
	static int rank(const std::string &verdict) { return rank_of(grade(verdict)); }

	std::string grades_of(const std::string &name) const
	{
		std::set<std::string> grades;
		for (const auto &[cell, c] : rows_.at(name))
			grades.insert(css(grade(c->verdict)));
		std::string out;
		for (const std::string &g : grades)
			out += (out.empty() ? "" : " ") + g;
		return out;
	}

	void matrix()
	{
		const bool open = order_.size() <= 40;
		out_ += std::string("<details") + (open ? " open" : "") + "><summary>by case</summary>" + region("verdicts by case") +
			"<table class=\"matrix\"><caption>each case, on each kernel and in each mode</caption>" + heads("case") + "<tbody>";
		for (const std::string &name : order_) {
			out_ += "<tr data-grades=\"" + grades_of(name) +
				"\"><th scope=\"row\">" + link(name) + "</th>";
			for (std::size_t i = 0; i < view_.cells.size(); i++) {
				const auto it = rows_.at(name).find(i);
				if (it == rows_.at(name).end()) {
					out_ += "<td class=\"dim\">-</td>";
					continue;
				}
				const Grade g = grade(it->second->verdict);
				const std::string verdict = line(it->second->verdict, 40);
				const bool plain = g == Grade::good || g == Grade::skipped; // a link in each makes a page large
				out_ += std::string("<td class=\"") + css(g) + "\">" +
					(plain ? verdict : "<a href=\"#case-" + num(numbers_.at(name)) + "\">" + verdict + "</a>") + "</td>";
			}
			out_ += "</tr>\n";
		}
		out_ += "</tbody></table></div></details>\n";
	}

	void timing()
	{
		constexpr std::size_t most = 10;
		out_ += "<h2 id=\"timing\">Machines, and where the time goes</h2>\n";
		for (const SeenCell &cell : view_.cells) {
			std::vector<const SeenCase *> slow;
			std::uint64_t total = 0;
			for (const SeenCase &c : cell.cases) {
				slow.push_back(&c);
				total += c.ns;
			}
			if (total == 0)
				continue;
			std::stable_sort(slow.begin(), slow.end(), [](const auto *a, const auto *b) { return a->ns > b->ns; });
			slow.resize(std::min(slow.size(), most));
			out_ += "<details><summary>" + line(cell.id, 100) + ": " + seconds(cell.wall_ms) + " in all, " + ms(total) +
				" by the target's clock in cases</summary><p>" + line(cell.environment) +
				"</p>" + histogram(cell) + "<table><caption>the slowest cases</caption><tbody>";
			for (const SeenCase *c : slow) {
				char width[32];
				std::snprintf(width, sizeof(width), "%.1f%%", 100.0 * static_cast<double>(c->ns) / static_cast<double>(slow.front()->ns));
				out_ += "<tr><th scope=\"row\">" + link(c->name) + "</th><td>" + ms(c->ns) +
					"</td><td class=\"bar\"><svg aria-hidden=\"true\" width=\"100%\" height=\"12\"><rect width=\"" +
					width + "\" height=\"12\"/></svg></td></tr>\n";
			}
			out_ += "</tbody></table></details>\n";
		}
	}

	/// How many cases take how long, each bar twice as long as the one before.
	static std::string histogram(const SeenCell &cell)
	{
		constexpr std::size_t first = 17, last = 33; // 2^17 ns is 0.1 ms, 2^33 ns is 8.6 s
		constexpr std::size_t width = 56, height = 90;
		std::vector<std::size_t> counts(last - first + 1);
		for (const SeenCase &c : cell.cases)
			if (c.ns > 0)
				counts[std::clamp<std::size_t>(static_cast<std::size_t>(std::bit_width(c.ns)), first, last) - first]++;
		std::size_t begin = 0, end = counts.size();
		while (begin + 1 < end && counts[begin] == 0)
			begin++;
		while (end > begin + 1 && counts[end - 1] == 0)
			end--;
		const std::size_t most = *std::max_element(counts.begin(), counts.end());
		std::string bars, said;
		for (std::size_t i = begin; i < end; i++) {
			const std::size_t x = width * (i - begin), tall = most ? (counts[i] * height + most - 1) / most : 0;
			const std::string to = duration(std::uint64_t{1} << (i + first));
			const char *const below = i + first == last ? "longer" : "under ";
			bars += "<rect class=\"written\" x=\"" + num(x) + "\" y=\"" + num(14 + height - tall) + "\" width=\"" + num(width - 4) +
				"\" height=\"" + num(tall) + "\"/><text x=\"" + num(x) + "\" y=\"" + num(height + 28) + "\">&lt;" + to +
				"</text>" +
				(counts[i] ? "<text x=\"" + num(x) + "\" y=\"" + num(10 + height - tall) + "\">" + num(counts[i]) + "</text>" : "");
			said += (said.empty() ? "" : ", ") + num(counts[i]) + " " + below + (i + first == last ? "" : to);
		}
		const std::string wide = num(width * (end - begin));
		return "<svg role=\"img\" aria-label=\"how many cases take how long: " + said + "\" width=\"" + wide + "\" viewBox=\"0 0 " +
		       wide + " " + num(height + 34) + "\">" + bars + "</svg>\n";
	}

	/// What exit24 coverage has measured: the kernel's files, how much of each was reached, and what was not.
	void coverage()
	{
		if (view_.coverage.empty())
			return;
		out_ += "<h2 id=\"coverage\">Coverage</h2>\n";
		for (const SeenCoverage &c : view_.coverage) {
			out_ += "<h3>" + line(c.release, 80) + ", " + line(c.modes, 80) + "</h3>\n<p>Lines of the kernel that " + num(c.cases) +
				" cases have reached, measured by <code>" + line(c.command, 400) + "</code> on " + line(c.date, 20) + ".</p>\n" +
				region("coverage by file") +
				"<table><caption>the bright part of a bar was reached</caption><thead><tr><th scope=\"col\">file</th>"
				"<th scope=\"col\">reached</th><th scope=\"col\">lines</th><th scope=\"col\">branches taken</th></tr></thead>\n<tbody>";
			std::string missed;
			for (const SeenFile &f : c.files) {
				out_ += "<tr><th scope=\"row\"><code>" + line(f.name, 200) + "</code></th><td class=\"bar\"><svg aria-hidden=\"true\" "
					"width=\"100%\" height=\"14\"><rect class=\"untouched\" width=\"100%\" height=\"14\"/>"
					"<rect class=\"written\" width=\"" + percent(f.lines_hit, f.lines) + "\" height=\"14\"/></svg></td><td>" +
					num(f.lines_hit) + " of " + num(f.lines) + ", " + percent(f.lines_hit, f.lines) + "</td><td>" +
					num(f.branches_taken) + " of " + num(f.branches) + ", " + percent(f.branches_taken, f.branches) +
					"</td></tr>\n";
				std::string functions;
				for (const auto &[function, where] : f.missed)
					functions += "<tr><th scope=\"row\"><code>" + line(function, 100) + "</code></th><td>" + line(where, 1000) + "</td></tr>\n";
				if (!functions.empty())
					missed += "<details><summary><code>" + line(f.name, 200) + "</code> <span class=\"dim\">" +
						  num(f.lines - f.lines_hit) + " lines that no case reaches</span></summary>" + region("lines not reached") +
						  "<table><thead><tr><th scope=\"col\">function</th><th scope=\"col\">lines</th></tr></thead><tbody>" +
						  functions + "</tbody></table></div></details>\n";
			}
			out_ += "</tbody></table></div>\n" + missed;
			coverage_by_rule(c);
		}
	}

	/// How much of each file the cases of a rule reach by themselves; the bar is the first file, the one that it is about.
	void coverage_by_rule(const SeenCoverage &c)
	{
		if (c.rules.empty() || c.files.empty())
			return;
		std::string heads, body;
		for (const SeenFile &f : c.files)
			heads += "<th scope=\"col\">" + line(f.name.substr(f.name.rfind('/') + 1), 100) + "</th>";
		for (const SeenReach &reach : c.rules) {
			body += "<tr><th scope=\"row\"><code>" + line(reach.rule, 40) + "</code></th>";
			for (std::size_t i = 0; i < c.files.size(); i++) {
				const auto it = std::find_if(reach.lines_hit.begin(), reach.lines_hit.end(),
							     [&](const auto &hit) { return hit.first == c.files[i].name; });
				const std::uint64_t hit = it == reach.lines_hit.end() ? 0 : std::min(it->second, c.files[i].lines);
				if (i == 0)
					body += "<td class=\"bar\"><svg aria-hidden=\"true\" width=\"100%\" height=\"12\"><rect class=\"untouched\" "
						"width=\"100%\" height=\"12\"/><rect class=\"written\" width=\"" + percent(hit, c.files[i].lines) +
						"\" height=\"12\"/></svg></td>";
				body += "<td>" + num(hit) + "</td>";
			}
			body += "</tr>\n";
		}
		out_ += "<details><summary>by rule</summary>" + region("coverage by rule") +
			"<table><caption>lines of each file that the cases of a rule reach</caption><thead><tr><th scope=\"col\">rule</th>"
			"<th scope=\"col\">of " + line(c.files.front().name.substr(c.files.front().name.rfind('/') + 1), 100) + "</th>" + heads +
			"</tr></thead>\n<tbody>" + body + "</tbody></table></div></details>\n";
	}

	/// A case, on all cells; those that saw the same share one part.
	void one_case(const std::string &name)
	{
		const auto &cells = rows_.at(name);
		const SeenCase &any = *cells.begin()->second;
		struct Group {
			std::vector<std::size_t> cells;
			const SeenCase *c;
		};
		std::vector<Group> groups;
		for (const auto &[i, c] : cells) {
			const auto same = std::find_if(groups.begin(), groups.end(), [&, now = c](const Group &g) {
				return g.c->verdict == now->verdict && g.c->seen == now->seen && g.c->reason == now->reason &&
				       (grade(now->verdict) == Grade::good || grade(now->verdict) == Grade::skipped);
			});
			if (same == groups.end())
				groups.push_back({{i}, c});
			else
				same->cells.push_back(i);
		}
		const bool red = std::any_of(groups.begin(), groups.end(), [](const Group &g) {
			return grade(g.c->verdict) == Grade::bad || grade(g.c->verdict) == Grade::broken;
		});
		std::map<std::string, std::size_t> counts;
		for (const auto &[i, c] : cells)
			counts[c->verdict]++;
		out_ += "<details id=\"case-" + num(numbers_.at(name)) + "\" data-grades=\"" + grades_of(name) + "\"" + (red && ++opened_ <= 5 ? " open" : "") + "><summary>";
		for (const auto &[verdict, n] : counts)
			out_ += chip(verdict) + (cells.size() > 1 ? "\xc3\x97" + num(n) : "") + " ";
		out_ += "<code>" + line(name, 300) + "</code> <span class=\"title\">" + line(any.title, 200) + "</span></summary>\n<dl>";
		const auto entry = [&](const char *what, const std::string &html) {
			if (!html.empty())
				out_ += std::string("<dt>") + what + "</dt><dd>" + html + "</dd>";
		};
		entry("catches", line(any.catches));
		entry("hurts", line(any.hurts));
		std::string list;
		for (const std::string &rule : any.rules) {
			const auto it = view_.rules.find(rule);
			const bool told = it != view_.rules.end() && !it->second.says.empty();
			list += "<a href=\"#rule-" + line(rule, 40) + "\"><code>" + line(rule, 40) + "</code></a>" +
				(told ? " " + line(it->second.says, 400) + "<br>" : " ");
		}
		entry("rules", list);
		list.clear();
		for (const std::string &cite : any.spec)
			list += line(cite, 400) + "<br>";
		entry("rests on", list);
		list.clear();
		for (const std::string &guest : any.guests)
			list += "<a href=\"#guest-" + line(guest, 60) + "\"><code>" + line(guest, 60) + "</code></a> ";
		entry("guests", list);
		if (any.characterised)
			entry("status", "characterised: promised nowhere, a difference is for review");
		out_ += "</dl>\n";
		for (const Group &g : groups)
			group(g.cells, *g.c);
		out_ += "</details>\n";
	}

	void group(const std::vector<std::size_t> &cells, const SeenCase &c)
	{
		const SeenCell &cell = view_.cells[cells.front()];
		const Grade g = grade(c.verdict);
		out_ += "<h4>" + chip(c.verdict) + " ";
		for (std::size_t i = 0; i < cells.size(); i++)
			out_ += (i ? ", " : "") + line(view_.cells[cells[i]].id, 100);
		out_ += "</h4>\n";
		if (!c.reason.empty())
			out_ += "<p>" + line(c.reason) + (c.step ? " (step " + num(*c.step) + ")" : "") + "</p>\n";
		if (!c.known.empty())
			out_ += "<p>known: " + line(c.known) + "</p>\n";
		if (!c.differences.empty()) {
			out_ += region("want and got") + "<table><thead><tr><th scope=\"col\">what</th><th scope=\"col\">want</th>"
				"<th scope=\"col\">got</th></tr></thead><tbody>";
			for (const SeenLine &d : c.differences)
				out_ += "<tr><th scope=\"row\">" + line(d.what, 300) + "</th><td><code>" + line(d.want, 600) +
					"</code></td><td><code>" + line(d.got, 600) + "</code></td></tr>\n";
			out_ += "</tbody></table></div>\n";
		}
		if (g == Grade::skipped)
			return;
		steps(c);
		if (!c.diagnosis.empty())
			out_ += "<p>what the target said while it hung</p><pre>" + esc(c.diagnosis.substr(0, 8000)) + "</pre>\n";
		if (!c.kernel_log.empty()) {
			std::string log;
			for (const std::string &text : c.kernel_log)
				log += text + "\n";
			out_ += "<p>kernel log</p><pre>" + esc(log.substr(0, 8000)) + "</pre>\n";
		}
		const SeenBoot *boot = c.ran && c.boot < cell.boots.size() ? &cell.boots[c.boot] : nullptr;
		const bool cut_off = c.verdict == "crash" || c.verdict == "hang" || g == Grade::broken;
		if (cut_off && boot && !boot->console.empty()) {
			const std::string tail = boot->console.substr(boot->console.size() - std::min<std::size_t>(boot->console.size(), 8000));
			out_ += "<details><summary>the end of the console (" + line(boot->reason, 200) + ")</summary><pre>" + esc(tail) +
				"</pre></details>\n";
		}
		if (g != Grade::good)
			if (const std::string command = repeat(cell, c); !command.empty())
				out_ += "<p>repeat: <code class=\"command\">" + line(command) + "</code></p>\n";
	}

	void steps(const SeenCase &c)
	{
		if (c.steps.empty())
			return;
		const bool good = grade(c.verdict) == Grade::good;
		// a case that passed is told by what its exits were; one that did not by all that it did
		const std::size_t most = good ? 8 : 40;
		std::vector<std::string> wrong;
		for (const SeenLine &d : c.differences)
			wrong.push_back(d.what);
		std::uint64_t round = 0;
		if (const auto at = c.reason.find(", in round "); at != std::string::npos)
			round = std::strtoull(c.reason.c_str() + at + 11, nullptr, 10);
		std::string list, drawn;
		std::size_t shown = 0, left = 0;
		for (const SeenStep &s : c.steps) {
			const bool here = !good && c.step == s.step && s.round == round;
			const std::string exit = describe_page(s.page);
			if (good && exit.empty() && c.steps.size() > most)
				continue;
			if (shown >= most && !here) {
				left++;
				continue;
			}
			shown++;
			list += std::string("<li") + (here ? " class=\"bad\"" : "") + ">" + (s.round ? "round " + num(s.round) + ", " : "") +
				"step " + num(s.step) + " <code>" + line(s.op, 40) + "</code>";
			if (s.rc != 0 || s.error != 0)
				list += " returned " + std::to_string(s.rc) + ", errno " + num(s.error);
			if (!exit.empty())
				list += ": " + line(exit, 400);
			if (!s.page.empty() && !exit.empty())
				list += " <a href=\"#page-" + num(page(s.page)) + "\">bytes</a>";
			if (!good && !s.facts.empty())
				list += "<br><code class=\"dim\">" + line(s.facts, here ? 4000 : 400) + "</code>";
			else if (good && exit.empty() && !s.facts.empty())
				list += " <code class=\"dim\">" + line(s.facts, 160) + "</code>";
			list += "</li>\n";
			if (here && !exit.empty())
				drawn = map(s.page, wrong);
		}
		out_ += "<ul>" + list + (left ? "<li>and " + num(left) + " more; the JSON report has all</li>" : "") + "</ul>\n";
		if (!drawn.empty())
			out_ += "<p>kvm_run after step " + num(*c.step) + "</p>\n" + drawn;
	}

	/// The number of a page; the same bytes have one.
	std::size_t page(const std::string &runs)
	{
		const auto [it, added] = page_numbers_.emplace(runs, page_list_.size());
		if (added)
			page_list_.push_back(runs);
		return it->second;
	}

	/// The bytes up to the rest of the page as a picture, and all of them as a table.
	static std::string map(const std::string &runs, const std::vector<std::string> &wrong)
	{
		static constexpr const char *words[] = {"untouched", "written", "partly"};
		constexpr std::size_t drawn = 312, scale = 3;
		std::string picture, table, above;
		for (const MapField &f : page_map(runs, wrong)) {
			const char *word = words[static_cast<int>(f.touch)];
			if (f.at < drawn)
				picture += std::string("<rect class=\"") + word + (f.wrong ? " wrong" : "") + "\" x=\"" + num(scale * f.at) +
					   "\" y=\"18\" width=\"" + num(scale * f.size - 1) + "\" height=\"26\"><title>" + line(f.name) +
					   "</title></rect>";
			if (f.wrong)
				above += "<text x=\"" + num(std::min<std::size_t>(scale * f.at, 700)) + "\" y=\"60\">" + line(f.name) + " is wrong</text>";
			table += std::string("<tr") + (f.wrong ? " class=\"wrong\"" : "") + "><td>" + num(f.at) + "</td><th scope=\"row\">" +
				 line(f.name) + "</th><td><code>" + line(f.bytes, 400) + "</code></td><td>" +
				 (f.touch == Touch::partly ? "partly written" : word) + (f.wrong ? ", wrong" : "") + "</td></tr>\n";
		}
		if (table.empty())
			return "<p>not a whole page: <code>" + line(runs, 400) + "</code></p>\n";
		return "<svg role=\"img\" aria-label=\"the first 312 bytes of kvm_run; the table below says the same\" viewBox=\"0 0 936 66\">"
		       "<text x=\"0\" y=\"12\">header</text><text x=\"96\" y=\"12\">exit union, from byte 32</text>"
		       "<text x=\"864\" y=\"12\">from 288</text>" +
		       picture + above + "</svg>\n" + region("bytes of kvm_run") +
		       "<table><thead><tr><th scope=\"col\">byte</th><th scope=\"col\">field</th><th scope=\"col\">bytes</th>"
		       "<th scope=\"col\">state</th></tr></thead><tbody>" +
		       table + "</tbody></table></div>\n";
	}

	void pages()
	{
		if (page_list_.empty())
			return;
		out_ += "<h2 id=\"pages\">Bytes of kvm_run</h2>\n<p>Before each KVM_RUN every byte holds a pattern (a5; 5a in exit_reason). "
			"Untouched means that it is still there. Each page that was seen is drawn once.</p>\n";
		for (std::size_t i = 0; i < page_list_.size(); i++)
			out_ += "<details><summary id=\"page-" + num(i) + "\">" + line(describe_page(page_list_[i]), 300) + "</summary>\n" +
				map(page_list_[i], {}) + "</details>\n";
	}

	void guests()
	{
		if (view_.guests.empty())
			return;
		out_ += "<h2 id=\"guests\">Guests</h2>\n";
		for (const SeenGuest &g : view_.guests)
			out_ += "<details id=\"guest-" + line(g.name, 60) + "\"><summary><code>" + line(g.name, 60) +
				"</code> <span class=\"dim\">SHA-256 " + line(g.sha256, 64) + "</span></summary>" +
				(g.listing.empty() ? "<p>the report has no disassembly of it</p>"
						   : "<pre>" + esc(g.listing.substr(0, 60000)) + "</pre>") +
				"</details>\n";
	}

	const View &view_;
	std::vector<std::string> order_;
	std::map<std::string, std::size_t> numbers_;
	std::map<std::string, std::map<std::size_t, const SeenCase *>> rows_;
	std::map<std::string, std::size_t> page_numbers_;
	std::vector<std::string> page_list_;
	std::size_t opened_ = 0;
	std::string out_;
};

} // namespace

std::string render_html(const View &view, const RenderOptions &)
{
	return Page(view).str();
}

} // namespace exit24::report
