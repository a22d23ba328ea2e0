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
#include <tuple>
#include <unordered_map>

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

/// More kernels and modes than this are counted, not shown in a column each: nobody reads a table of a thousand
/// columns, and no browser shows one quickly.
constexpr std::size_t most_columns = 24;
/// Of a case that is counted, so many outcomes are told in full.
constexpr std::size_t most_outcomes = 8;

/// A case in the cells that ran it, in their order.
struct Row {
	std::string name;
	std::vector<std::pair<std::size_t, const SeenRun *>> runs;

	const SeenCase &any() const { return *runs.front().second; }
	const SeenRun *in(std::size_t cell) const
	{
		const auto it = std::lower_bound(runs.begin(), runs.end(), cell, [](const auto &run, std::size_t n) { return run.first < n; });
		return it != runs.end() && it->first == cell ? it->second : nullptr;
	}
};

/// All that a page shows, in the order in which it does.
class Page {
public:
	explicit Page(const View &view) : view_(view), many_(view.cells.size() > most_columns)
	{
		for (std::size_t i = 0; i < view.cells.size(); i++)
			for (const SeenRun &run : view.cells[i].cases) {
				const auto [it, added] = numbers_.emplace(run->name, rows_.size());
				if (added)
					rows_.push_back({run->name, {}});
				Row &row = rows_[it->second];
				if (row.runs.empty() || row.runs.back().first != i)
					row.runs.emplace_back(i, &run);
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
		navigation();
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
		for (const Row &row : rows_)
			one_case(row);
		pages();
		guests();
		out_ += "</main>\n<footer><p>Made by exit24 " + line(view_.version, 40) + " from a report with SHA-256 <code>" +
			view_.digest + "</code>. This page loads nothing from anywhere.</p></footer>\n<script>" + page_script +
			"</script>\n</body></html>\n";
		return std::move(out_);
	}

private:
	void navigation()
	{
		out_ += "<nav aria-label=\"parts of this page\">";
		for (const auto &[id, name, there] : {std::tuple{"timeline", "from kernel to kernel", several_kernels()}, {"matrix", "matrix", true},
						      {"timing", "timing", true}, {"coverage", "coverage", !view_.coverage.empty()},
						      {"cases", "cases", true}, {"guests", "guests", !view_.guests.empty()}})
			if (there)
				out_ += std::string("<a href=\"#") + id + "\">" + name + "</a> ";
		out_ += "</nav>\n";
	}

	/// Whether there is a timeline: two that ran cases in the same mode.
	bool several_kernels() const
	{
		std::set<std::string> modes;
		return std::any_of(view_.cells.begin(), view_.cells.end(),
				   [&](const SeenCell &cell) { return !cell.cases.empty() && !modes.insert(cell.mode).second; });
	}

	/// The heads of the columns of the cells, kernels above modes.
	std::string heads(const std::string &first) const
	{
		if (many_)
			return "<thead><tr><th scope=\"col\">" + first + "</th><th scope=\"col\">share</th><th scope=\"col\">verdicts</th>"
			       "<th scope=\"col\">unlike most</th></tr></thead>\n";
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

	/// The names of cells; of many the first ones, and the others behind a click.
	std::string places(const std::vector<std::size_t> &cells) const
	{
		constexpr std::size_t most = 6;
		std::string shown, more;
		const std::size_t first = !many_ || cells.size() <= most ? cells.size() : most / 2;
		for (std::size_t i = 0; i < cells.size(); i++)
			(i < first ? shown : more) += (i == 0 || i == first ? "" : ", ") + line(view_.cells[cells[i]].id, 80);
		return more.empty() ? shown : shown + "<details class=\"more\"><summary>and " + num(cells.size() - first) + " more</summary>" +
						      more + "</details>";
	}

	void cells()
	{
		out_ += region("kernels and modes") + "<table><caption>kernels and modes</caption><thead><tr><th scope=\"col\">kernel"
			"</th><th scope=\"col\">mode</th><th scope=\"col\">result</th><th scope=\"col\">where</th>"
			"<th scope=\"col\">boots</th><th scope=\"col\">time</th></tr></thead>\n<tbody>";
		const auto worst = [](const SeenCell &cell) {
			int most = -1;
			for (const SeenCase &c : cell.cases)
				most = std::max(most, rank(c.verdict));
			return most;
		};
		// many: the worst first, and those of a mode that came off alike in one line
		std::map<std::tuple<int, std::string, std::string, std::string>, std::vector<std::size_t>> lines;
		for (std::size_t i = 0; i < view_.cells.size(); i++) {
			const SeenCell &cell = view_.cells[i];
			if (many_)
				lines[{-worst(cell), cell.mode, cell.place, cell.skip}].push_back(i);
			else
				cell_row({i});
		}
		constexpr std::size_t most = 24;
		std::size_t n = 0;
		for (const auto &[key, cells] : lines)
			if (n++ < most)
				cell_row(cells);
		out_ += "</tbody></table></div>\n";
		if (!many_)
			return;
		if (n > most)
			out_ += "<p>and " + num(n - most) + " more such lines</p>\n";
		out_ += "<p>These are " + num(view_.cells.size()) + " kernels and modes, more than a table has room for, so verdicts are counted, and "
			"of each case the " + num(most_outcomes) + " outcomes that matter most are told in full. What one kernel saw, whole: "
			"<code class=\"command\">exit24 report REPORT --cell KERNEL/MODE --as html -o cell.html</code></p>\n";
	}

	/// A line for one cell, or for several.
	void cell_row(const std::vector<std::size_t> &cells)
	{
		const SeenCell &cell = view_.cells[cells.front()];
		const bool one = cells.size() == 1;
		std::size_t boots = 0;
		std::uint64_t wall_ms = 0;
		int worst = -1;
		std::vector<const SeenCell *> all;
		for (const std::size_t i : cells) {
			all.push_back(&view_.cells[i]);
			boots += all.back()->boots.size();
			wall_ms += all.back()->wall_ms;
			for (const SeenCase &c : all.back()->cases)
				worst = std::max(worst, rank(c.verdict));
		}
		static constexpr const char *dots[] = {"skipped", "good", "look", "broken", "bad"};
		out_ += "<tr><th scope=\"row\">" + (one ? line(cell.kernel, 80) : num(cells.size()) + " kernels <div class=\"dim\">" + places(cells) + "</div>") +
			"</th><td>" + (one ? line(cell.id.substr(cell.kernel.size() + 1), 60) : line(cell.mode, 60)) + "</td><td class=\"wide\">" +
			(cell.skip.empty() ? std::string("<span class=\"dot ") + dots[worst + 1] + "\" aria-hidden=\"true\"></span>" + line(tally(all)) +
						     (one ? "" : " in all")
					   : chip("skip") + " " + line(cell.skip)) +
			"</td><td class=\"short\">" + line(cell.place, 80) + "</td><td>" + num(boots) + "</td><td class=\"short\">" + seconds(wall_ms) +
			"</td></tr>\n";
	}

	/// What a person has to look at, first.
	void attention()
	{
		const std::pair<Grade, const char *> kinds[] = {{Grade::bad, "What the kernel does otherwise"},
							       {Grade::broken, "What could not be judged"},
							       {Grade::look, "To look at, and not red"}};
		for (const auto &[wanted, title] : kinds) {
			struct Item {
				std::string verdict, what;
				std::vector<std::size_t> where;
				std::vector<const std::string *> names;
			};
			std::vector<Item> items; // cases that came to the same for the same reason are one
			for (const Row &row : rows_) {
				std::vector<Item> own;
				for (const auto &[cell, run] : row.runs) {
					const SeenCase &c = *run;
					if (grade(c.verdict) != wanted)
						continue;
					const std::string &what = c.known.empty() ? c.reason : c.known;
					const auto same = std::find_if(own.begin(), own.end(), [&](const Item &i) {
						return i.verdict == c.verdict && (!many_ || i.what == what || own.size() >= most_outcomes);
					});
					(same != own.end() ? *same : own.emplace_back(Item{c.verdict, what, {}, {}})).where.push_back(cell);
				}
				for (const Item &item : own) {
					const auto same = std::find_if(items.begin(), items.end(), [&](const Item &i) {
						return i.verdict == item.verdict && i.what == item.what && i.where == item.where;
					});
					(same != items.end() ? *same : items.emplace_back(item)).names.push_back(&row.name);
				}
			}
			if (items.empty())
				continue;
			if (many_) // what most kernels do first
				std::stable_sort(items.begin(), items.end(), [](const Item &a, const Item &b) { return a.where.size() > b.where.size(); });
			const std::size_t most = many_ ? 12 : 30;
			out_ += "<h2>" + std::string(title) + "</h2>\n<ul class=\"items\">";
			for (std::size_t n = 0; n < std::min(items.size(), most); n++) {
				const Item &item = items[n];
				const std::string where = many_ ? "<div class=\"dim\">" + num(item.where.size()) + " of " + num(view_.cells.size()) + ": " +
									  places(item.where) + "</div>"
					  : view_.cells.size() == 1 ? ""
								: "<span class=\"dim\">(" + places(item.where) + ")</span>";
				out_ += "<li>" + chip(item.verdict) + " ";
				if (item.names.size() == 1) {
					out_ += link(*item.names.front()) + " " + line(item.what, 300) + " " + where + "</li>\n";
					continue;
				}
				out_ += "<b>" + num(item.names.size()) + " cases:</b> " + line(item.what, 300) + " " + where + (many_ ? "" : "<br>");
				const std::size_t first = item.names.size() <= 8 ? item.names.size() : 6;
				for (std::size_t i = 0; i < item.names.size(); i++) {
					if (i == first)
						out_ += "<details class=\"more\"><summary>and " + num(item.names.size() - first) + " more</summary>";
					out_ += (i == 0 || i == first ? "" : " \xc2\xb7 ") + link(*item.names[i]);
				}
				out_ += item.names.size() > first ? "</details></li>\n" : "</li>\n";
			}
			out_ += std::string("</ul>\n") + (items.size() > most ? "<p>and " + num(items.size() - most) + " more, in the matrix</p>\n" : "");
		}
	}

	void changes()
	{
		auto stretches = timeline(view_);
		if (stretches.empty())
			return;
		constexpr std::size_t most_rows = 60, most_stretches = 30;
		std::size_t n_rows = 0, quiet = 0;
		out_ += "<h2 id=\"timeline\">From kernel to kernel</h2>\n";
		std::string rows;
		for (const Milestone &m : milestones(stretches)) {
			if (++n_rows > most_rows && many_)
				continue;
			std::string modes, cases;
			for (const std::string &mode : m.modes)
				modes += (modes.empty() ? "" : ", ") + line(mode, 40);
			for (const std::string &name : m.cases)
				cases += "<li>" + link(name) + "</li>";
			rows += "<tr><td>" + line(m.before, 80) + " \xe2\x86\x92 <b>" + line(m.after, 80) + "</b></td><td class=\"" + css(grade(m.turn)) + "\">" +
				std::string(name(m.turn)) + "</td><th scope=\"row\">" + line(m.what, 600) + "</th><td>" + modes +
				"</td><td>" + (m.cases.size() == 1 ? link(*m.cases.begin())
								   : "<details class=\"more\"><summary>" + num(m.cases.size()) + " cases</summary><ul>" +
									     cases + "</ul></details>") + "</td></tr>\n";
		}
		if (!rows.empty())
			out_ += region("what came, changed and went") + "<table><caption>what came, changed and went</caption><thead><tr><th scope=\"col\">kernel</th>"
				"<th scope=\"col\">change</th><th scope=\"col\">what</th><th scope=\"col\">modes</th><th scope=\"col\">seen by</th></tr></thead>\n<tbody>" +
				rows + "</tbody></table></div>\n";
		if (many_) {
			if (n_rows > most_rows)
				out_ += "<p>and " + num(n_rows - most_rows) + " more</p>\n";
			quiet = std::erase_if(stretches, [](const Stretch &s) { return s.changes.empty(); });
			out_ += "<p>" + num(stretches.size() + quiet) + " steps from one kernel to the next in the same mode: in " + num(quiet) +
				" all cases saw the same, in " + num(stretches.size()) + " some did not";
			if (stretches.size() > most_stretches)
				out_ += "; here are the first " + num(most_stretches) +
					", and <code class=\"command\">exit24 report REPORT --cell GLOB --as html</code> shows those that it names";
			out_ += ".</p>\n";
			if (stretches.size() > most_stretches)
				stretches.resize(most_stretches);
		}
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

	/// The cells of a row: a column each, or how many have which verdict.
	std::string columns(const std::vector<const SeenCase *> &row, bool link_all) const
	{
		std::string out;
		const auto to = [this](const SeenCase &c, const std::string &text) {
			return "<a href=\"#case-" + num(numbers_.at(c.name)) + "\">" + text + "</a>";
		};
		if (!many_) {
			for (const SeenCase *c : row) {
				if (!c) {
					out += "<td class=\"dim\">-</td>";
					continue;
				}
				const Grade g = grade(c->verdict);
				const bool plain = g == Grade::good || g == Grade::skipped; // a link in each makes a page large
				const std::string verdict = line(c->verdict, 40);
				out += std::string("<td class=\"") + css(g) + "\">" + (plain && !link_all ? verdict : to(*c, verdict)) + "</td>";
			}
			return out;
		}
		std::map<std::string, std::vector<std::size_t>> cells;
		for (std::size_t i = 0; i < row.size(); i++)
			if (row[i])
				cells[row[i]->verdict].push_back(i);
		std::vector<std::pair<std::string, std::vector<std::size_t>>> sorted(cells.begin(), cells.end());
		std::stable_sort(sorted.begin(), sorted.end(), [](const auto &a, const auto &b) { return a.second.size() > b.second.size(); });
		std::string bar, chips;
		std::vector<std::size_t> others;
		double at = 0;
		for (const auto &[verdict, where] : sorted) {
			char place[80];
			const double share = 100.0 * static_cast<double>(where.size()) / static_cast<double>(row.size());
			std::snprintf(place, sizeof(place), "x=\"%.2f%%\" width=\"%.2f%%\"", at, share);
			at += share;
			bar += std::string("<rect class=\"") + css(grade(verdict)) + "\" " + place + " height=\"12\"/>";
			chips += (chips.empty() ? "" : " ") + to(*row[where.front()], chip(verdict)) + "\xc3\x97" + num(where.size());
			if (&where != &sorted.front().second)
				others.insert(others.end(), where.begin(), where.end());
		}
		std::sort(others.begin(), others.end());
		return "<td class=\"bar\"><svg aria-hidden=\"true\" width=\"100%\" height=\"12\">" + bar + "</svg></td><td class=\"short\">" + chips +
		       "</td><td class=\"others\">" + places(others) + "</td>";
	}

	/// The worst verdict of a rule's cases in each cell.
	void rules()
	{
		std::map<std::string, std::vector<const Row *>> cases;
		for (const Row &row : rows_)
			for (const std::string &rule : row.any().rules)
				cases[rule].push_back(&row);
		if (cases.empty())
			return;
		std::string body, squares;
		std::size_t n = 0;
		for (const auto &[rule, rows] : cases) {
			Grade worst = Grade::good;
			bool judged = false;
			std::vector<const SeenCase *> shown(view_.cells.size());
			std::set<std::string> grades;
			for (const Row *row : rows)
				for (const auto &[i, run] : row->runs)
					if (!shown[i] || rank((*run)->verdict) > rank(shown[i]->verdict))
						shown[i] = run->what.get();
			std::string words;
			for (const SeenCase *c : shown) {
				if (!c)
					continue;
				const Grade g = grade(c->verdict);
				judged = judged || g != Grade::skipped;
				if (rank_of(g) > rank_of(worst))
					worst = g;
				if (grades.insert(css(g)).second)
					words += (words.empty() ? "" : " ") + std::string(css(g));
			}
			std::string list;
			for (const Row *row : rows)
				list += "<li>" + link(row->name) + "</li>";
			body += "<tr id=\"rule-" + line(rule, 40) + "\" data-grades=\"" + words +
				"\"><th scope=\"row\"><details><summary><code>" + line(rule, 40) + "</code> <span class=\"dim\">" +
				num(rows.size()) + (rows.size() == 1 ? " case" : " cases") + "</span></summary>" + says(rule) + "<ul>" +
				list + "</ul></details></th>" + columns(shown, true) + "</tr>\n";
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

	static std::string grades_of(const Row &row)
	{
		std::set<std::string> grades;
		for (const auto &[cell, run] : row.runs)
			grades.insert(css(grade((*run)->verdict)));
		std::string out;
		for (const std::string &g : grades)
			out += (out.empty() ? "" : " ") + g;
		return out;
	}

	void matrix()
	{
		if (many_)
			picture();
		const bool open = rows_.size() <= 40;
		out_ += std::string("<details") + (open ? " open" : "") + "><summary>by case</summary>" + region("verdicts by case") +
			"<table class=\"matrix\"><caption>each case, on each kernel and in each mode</caption>" + heads("case") + "<tbody>";
		for (const Row &row : rows_) {
			std::vector<const SeenCase *> cells(view_.cells.size());
			for (const auto &[i, run] : row.runs)
				cells[i] = run->what.get();
			out_ += "<tr data-grades=\"" + grades_of(row) + "\"><th scope=\"row\">" + link(row.name) + "</th>" +
				columns(cells, false) + "</tr>\n";
		}
		out_ += "</tbody></table></div></details>\n";
	}

	/// All verdicts at once: a line of pixels for each case, a column for each cell. What most cells have is one
	/// rectangle, so that a page with a thousand columns stays small.
	void picture()
	{
		constexpr std::size_t tall = 4;
		const std::size_t wide = view_.cells.size();
		std::string lines;
		for (std::size_t n = 0; n < rows_.size(); n++) {
			std::vector<const char *> words(wide, "absent");
			std::map<std::string_view, std::size_t> counts;
			for (const auto &[i, run] : rows_[n].runs)
				words[i] = css(grade((*run)->verdict));
			for (const char *word : words)
				counts[word]++;
			const auto most = std::max_element(counts.begin(), counts.end(), [](const auto &a, const auto &b) { return a.second < b.second; });
			std::map<std::string_view, std::string> paths;
			for (std::size_t i = 0; i < wide;) {
				std::size_t end = i + 1;
				while (end < wide && std::string_view(words[end]) == words[i])
					end++;
				if (words[i] != most->first)
					paths[words[i]] += "M" + num(i) + " 0h" + num(end - i) + "v" + num(tall) + "h-" + num(end - i) + "z";
				i = end;
			}
			lines += "<a href=\"#case-" + num(n) + "\" tabindex=\"-1\"><g transform=\"translate(0 " + num(n * tall) + ")\"><title>" +
				 line(rows_[n].name, 300) + "</title><rect class=\"" + std::string(most->first) + "\" width=\"" + num(wide) +
				 "\" height=\"" + num(tall) + "\"/>";
			for (const auto &[word, path] : paths)
				lines += "<path class=\"" + std::string(word) + "\" d=\"" + path + "\"/>";
			lines += "</g></a>\n";
		}
		out_ += "<p>A line for each case, from left to right all kernels and modes as they were given; a line is a link. The table by case "
			"says the same.</p>\n<svg class=\"picture\" aria-hidden=\"true\" preserveAspectRatio=\"none\" height=\"" +
			num(std::min<std::size_t>(rows_.size() * tall, 1200)) + "\" viewBox=\"0 0 " + num(wide) + " " + num(rows_.size() * tall) + "\">\n" +
			lines + "</svg>\n";
	}

	/// A case's name and time, and how long that is beside the slowest.
	void slow_row(const SeenRun &run, std::uint64_t slowest, const std::string &where)
	{
		char width[32];
		std::snprintf(width, sizeof(width), "%.1f%%", 100.0 * static_cast<double>(run.ns) / static_cast<double>(slowest));
		out_ += "<tr><th scope=\"row\">" + link(run->name) + "</th>" + where + "<td class=\"short\">" + ms(run.ns) +
			"</td><td class=\"bar\"><svg aria-hidden=\"true\" width=\"100%\" height=\"12\"><rect width=\"" + width +
			"\" height=\"12\"/></svg></td></tr>\n";
	}

	void timing()
	{
		constexpr std::size_t most = 10;
		const auto slower = [](const auto &a, const auto &b) { return a.second->ns > b.second->ns; };
		out_ += "<h2 id=\"timing\">Machines, and where the time goes</h2>\n";
		std::vector<std::pair<std::size_t, const SeenRun *>> all;
		std::uint64_t everything = 0, wall_ms = 0;
		std::map<std::string, std::size_t> machines;
		for (std::size_t i = 0; i < view_.cells.size(); i++) {
			const SeenCell &cell = view_.cells[i];
			std::vector<std::pair<std::size_t, const SeenRun *>> slow;
			std::uint64_t total = 0;
			for (const SeenRun &run : cell.cases) {
				slow.emplace_back(i, &run);
				total += run.ns;
			}
			if (total == 0)
				continue;
			if (many_) {
				all.insert(all.end(), slow.begin(), slow.end());
				everything += total;
				wall_ms += cell.wall_ms;
				machines[cell.environment]++;
				continue;
			}
			std::stable_sort(slow.begin(), slow.end(), slower);
			std::vector<const SeenRun *> runs;
			for (const auto &[n, run] : slow)
				runs.push_back(run);
			slow.resize(std::min(slow.size(), most));
			out_ += "<details><summary>" + line(cell.id, 100) + ": " + seconds(cell.wall_ms) + " in all, " + (total < 1'000'000'000 ? ms(total) : seconds(total / 1'000'000)) +
				" by the target's clock in cases</summary><p>" + line(cell.environment) +
				"</p>" + histogram(runs) + "<table><caption>the slowest cases</caption><tbody>";
			for (const auto &[n, run] : slow)
				slow_row(*run, slow.front().second->ns, "");
			out_ += "</tbody></table></details>\n";
		}
		if (all.empty())
			return;
		std::vector<const SeenRun *> runs;
		for (const auto &[n, run] : all)
			runs.push_back(run);
		out_ += "<details><summary>all kernels and modes: " + seconds(wall_ms) + " in all, " + seconds(everything / 1'000'000) +
			" by the targets' clocks in cases</summary><ul>";
		std::size_t n = 0;
		for (const auto &[machine, cells] : machines)
			if (n++ < most)
				out_ += "<li>" + num(cells) + "\xc3\x97 " + line(machine, 400) + "</li>";
		out_ += (machines.size() > most ? "<li>and " + num(machines.size() - most) + " other machines</li>" : "") + std::string("</ul>") + histogram(runs) +
			"<table><caption>the slowest cases, each where it took longest</caption><tbody>";
		std::stable_sort(all.begin(), all.end(), slower);
		std::set<std::string> told;
		for (const auto &[i, run] : all)
			if (told.size() < most && told.insert((*run)->name).second)
				slow_row(*run, all.front().second->ns, "<td>" + line(view_.cells[i].id, 80) + "</td>");
		out_ += "</tbody></table></details>\n";
	}

	/// How many cases take how long, each bar twice as long as the one before.
	static std::string histogram(const std::vector<const SeenRun *> &runs)
	{
		constexpr std::size_t first = 17, last = 33; // 2^17 ns is 0.1 ms, 2^33 ns is 8.6 s
		constexpr std::size_t width = 56, height = 90;
		std::vector<std::size_t> counts(last - first + 1);
		for (const SeenRun *run : runs)
			if (run->ns > 0)
				counts[std::clamp<std::size_t>(static_cast<std::size_t>(std::bit_width(run->ns)), first, last) - first]++;
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
	void one_case(const Row &row)
	{
		const std::string &name = row.name;
		const SeenCase &any = row.any();
		struct Group {
			std::vector<std::size_t> cells;
			const SeenRun *run;
		};
		std::vector<Group> groups;
		std::unordered_map<std::string, std::size_t> known;
		std::map<std::string, std::size_t> counts;
		bool red = false;
		for (const auto &[i, run] : row.runs) {
			const SeenCase &c = *run;
			const Grade g = grade(c.verdict);
			red = red || g == Grade::bad || g == Grade::broken;
			counts[c.verdict]++;
			std::string key = c.verdict + '\n' + c.reason + '\n' + c.seen;
			if (g != Grade::good && g != Grade::skipped) // what did not pass has more to tell; where there is room, cell by cell
				key = many_ ? num(reinterpret_cast<std::uintptr_t>(run->what.get())) : num(i);
			const auto [it, added] = known.emplace(std::move(key), groups.size());
			if (added)
				groups.push_back({{}, run});
			groups[it->second].cells.push_back(i);
		}
		std::vector<std::size_t> left_out;
		std::size_t outcomes = 0;
		if (groups.size() > most_outcomes && many_) {
			std::stable_sort(groups.begin(), groups.end(), [](const Group &a, const Group &b) {
				return std::pair(rank((*a.run)->verdict), a.cells.size()) > std::pair(rank((*b.run)->verdict), b.cells.size());
			});
			for (std::size_t n = most_outcomes; n < groups.size(); n++, outcomes++)
				left_out.insert(left_out.end(), groups[n].cells.begin(), groups[n].cells.end());
			groups.resize(most_outcomes);
			std::sort(left_out.begin(), left_out.end());
		}
		out_ += "<details id=\"case-" + num(numbers_.at(name)) + "\" data-grades=\"" + grades_of(row) + "\"" + (red && ++opened_ <= 5 ? " open" : "") + "><summary>";
		for (const auto &[verdict, n] : counts)
			out_ += chip(verdict) + (row.runs.size() > 1 ? "\xc3\x97" + num(n) : "") + " ";
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
			group(g.cells, *g.run);
		if (outcomes > 0)
			out_ += "<div>" + num(outcomes) + " more outcomes, of " + num(left_out.size()) +
				" kernels and modes, are left out here; <code class=\"command\">exit24 report REPORT --cell " +
				line(view_.cells[left_out.front()].id, 100) + " --as html</code> shows one of them: <span class=\"dim\">" + places(left_out) +
				"</span></div>\n";
		out_ += "</details>\n";
	}

	void group(const std::vector<std::size_t> &cells, const SeenRun &run)
	{
		const SeenCase &c = run;
		const SeenCell &cell = view_.cells[cells.front()];
		const Grade g = grade(c.verdict);
		out_ += "<h4>" + chip(c.verdict) + " " + (many_ ? num(cells.size()) + " of " + num(view_.cells.size()) + "</h4><div class=\"dim\">" + places(cells) + "</div>\n"
							     : places(cells) + "</h4>\n");
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
		const SeenBoot *boot = c.ran && run.boot < cell.boots.size() ? &cell.boots[run.boot] : nullptr;
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
		if (c.steps_left_out)
			out_ += "<p>One of very many ways to pass; the JSON report has what was observed.</p>\n";
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
	const bool many_;
	std::vector<Row> rows_;
	std::unordered_map<std::string, std::size_t> numbers_; ///< of rows, by their case
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
